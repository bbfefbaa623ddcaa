BEGIN {
    greeting = "Grüße, 世界! ∑ 🙂"
    print greeting
}
