defmodule Main do
  def step(n), do: step(rem(n + 1, 1000))
end

Main.step(0)
