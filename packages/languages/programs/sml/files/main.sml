val () = print (Int.toString (answer ()) ^ "\n")
