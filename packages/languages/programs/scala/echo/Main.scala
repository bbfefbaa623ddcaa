import java.io.PrintWriter
import scala.io.Source

object Main {
  def main(args: Array[String]): Unit = {
    val out = new PrintWriter(System.out)
    for (line <- Source.stdin.getLines()) out.println(line)
    out.flush()
  }
}
