val numbers = Vector.fromList [1, 2, 3]
val () = print (Int.toString (Vector.sub (numbers, 3)) ^ "\n")
