let () =
  let numbers = [| 1; 2; 3 |] in
  Printf.printf "%d\n" numbers.(3)
