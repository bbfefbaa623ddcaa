val size = 8 * 1024 * 1024
val pieces = List.tabulate (128, fn _ => Word8Array.array (size, 0w1))
val sum = foldl (fn (piece, sum) => sum + Word8.toInt (Word8Array.sub (piece, size - 1))) 0 pieces
val () = print ("too much " ^ Int.toString sum ^ "\n")
