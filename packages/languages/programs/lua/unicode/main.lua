local greeting = "Grüße, 世界! ∑ 🙂"
print(greeting)
