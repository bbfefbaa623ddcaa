let () =
  let line = String.concat "" (List.init 10 (fun _ -> "0123456789")) in
  for _ = 1 to 1_000_000 do
    print_string line;
    print_char '\n'
  done
