val line = concat (List.tabulate (10, fn _ => "0123456789")) ^ "\n"

fun repeat 0 = ()
  | repeat n = (print line; repeat (n - 1))

val () = repeat 1000000
