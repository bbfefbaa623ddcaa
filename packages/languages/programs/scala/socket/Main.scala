import java.io.IOException
import java.net.{InetSocketAddress, Socket}

object Main {
  def main(args: Array[String]): Unit =
    try {
      new Socket().connect(new InetSocketAddress("192.0.2.1", 80), 2000)
      println("connected")
    } catch {
      case _: IOException => println("refused")
    }
}
