import java.io.PrintWriter

object Main {
  def main(args: Array[String]): Unit = {
    val line = "0123456789" * 10
    val out = new PrintWriter(System.out)
    for (_ <- 1 to 1000000) out.println(line)
    out.flush()
  }
}
