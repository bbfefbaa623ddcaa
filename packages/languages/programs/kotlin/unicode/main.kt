fun main() {
    val grüße = "Grüße, 世界! ∑ 🙂"
    println(grüße)
}
