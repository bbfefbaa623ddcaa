object Main {
  def main(args: Array[String]): Unit = {
    Console.err.println("out of order")
    sys.exit(7)
  }
}
