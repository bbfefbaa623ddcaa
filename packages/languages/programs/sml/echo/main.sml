fun copy () =
  case TextIO.inputLine TextIO.stdIn of
    SOME line => (print line; copy ())
  | NONE => ()

val () = copy ()
