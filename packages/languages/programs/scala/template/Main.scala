import scala.io.StdIn

object Main {
  def main(args: Array[String]): Unit = {
    val name = StdIn.readLine()
    println(s"Hello, $name!")
  }
}
