fun loop n = loop ((n + 1) mod 1000)

val () = loop 0
