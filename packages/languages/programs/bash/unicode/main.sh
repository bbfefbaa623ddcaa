greeting="Grüße, 世界! ∑ 🙂"
echo "$greeting"
