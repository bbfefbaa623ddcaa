let () =
  let result = ref 0 in
  let worker = Thread.create (fun () -> result := 6 * 7) () in
  Thread.join worker;
  Printf.printf "%d\n" !result
