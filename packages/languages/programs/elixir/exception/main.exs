IO.puts(Enum.fetch!([1, 2, 3], 3))
