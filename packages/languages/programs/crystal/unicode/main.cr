grüße = "Grüße, 世界! ∑ 🙂"
puts grüße
