grüße <- "Grüße, 世界! ∑ 🙂"
cat(grüße, "\n", sep = "")
