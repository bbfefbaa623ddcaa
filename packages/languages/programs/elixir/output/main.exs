line = String.duplicate("0123456789", 10)
Enum.each(1..1_000_000, fn _ -> IO.puts(line) end)
