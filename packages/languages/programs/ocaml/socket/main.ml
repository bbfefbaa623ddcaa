let () =
  let address = Unix.ADDR_INET (Unix.inet_addr_of_string "192.0.2.1", 80) in
  try
    let client = Unix.socket Unix.PF_INET Unix.SOCK_STREAM 0 in
    Unix.connect client address;
    print_endline "connected"
  with Unix.Unix_error _ -> print_endline "refused"
