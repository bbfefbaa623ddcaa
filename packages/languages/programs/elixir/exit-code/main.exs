IO.puts(:stderr, "out of order")
System.halt(7)
