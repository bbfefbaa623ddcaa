val () =
  case Posix.Process.fork () of
    NONE => (print (Int.toString (6 * 7) ^ "\n"); OS.Process.exit OS.Process.success)
  | SOME child => ignore (Posix.Process.waitpid (Posix.Process.W_CHILD child, []))
