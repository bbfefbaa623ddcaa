val () = print ("half a program"
