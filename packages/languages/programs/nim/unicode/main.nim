let grüße = "Grüße, 世界! ∑ 🙂"
echo grüße
