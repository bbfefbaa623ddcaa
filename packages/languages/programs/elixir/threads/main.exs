task = Task.async(fn -> 6 * 7 end)
IO.puts(Task.await(task))
