grüße="Grüße, 世界! ∑ 🙂"
print $grüße
