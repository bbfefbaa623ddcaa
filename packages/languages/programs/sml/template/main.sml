val () =
  case TextIO.inputLine TextIO.stdIn of
    SOME line => print ("Hello, " ^ String.substring (line, 0, size line - 1) ^ "!\n")
  | NONE => ()
