let () = print_endline ("half a program"
