grüße = "Grüße, 世界! ∑ 🙂"
IO.puts(grüße)
