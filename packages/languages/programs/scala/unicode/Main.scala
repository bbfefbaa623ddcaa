object Main {
  def main(args: Array[String]): Unit = {
    val grüße = "Grüße, 世界! ∑ 🙂"
    println(grüße)
  }
}
