IO.puts("half a program"
