object Main {
  def main(args: Array[String]): Unit = {
    val pieces = (1 to 128).map(_ => Array.fill[Byte](8 * 1024 * 1024)(1))
    println("too much " + pieces.size)
  }
}
