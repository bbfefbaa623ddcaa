object Main {
  def main(args: Array[String]): Unit = {
    val numbers = Vector(1, 2, 3)
    println(numbers(3))
  }
}
