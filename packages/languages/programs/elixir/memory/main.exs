pieces = for i <- 1..128, do: :binary.copy(<<i>>, 8 * 1024 * 1024)
IO.puts("too much #{length(pieces)}")
