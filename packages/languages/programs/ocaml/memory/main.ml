let () =
  let size = 8 * 1024 * 1024 in
  let pieces = Array.init 128 (fun _ -> Bytes.make size '\001') in
  let sum = Array.fold_left (fun sum piece -> sum + Char.code (Bytes.get piece (size - 1))) 0 pieces in
  Printf.printf "too much %d\n" sum
