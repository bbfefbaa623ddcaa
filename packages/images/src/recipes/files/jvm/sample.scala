import scala.collection.mutable
import scala.io.StdIn

// What programs usually are made of: which classes the compiler needs for that is found out by compiling it.
sealed trait Shape {
  def area: Double
}

case class Square(side: Double) extends Shape {
  def area: Double = side * side
}

class Counter(var count: Int = 0) {
  def +=(n: Int): Unit = count += n
}

object Main {
  def gcd(a: Int, b: Int): Int = if (b == 0) a else gcd(b, a % b)

  implicit class Twice(val n: Int) extends AnyVal {
    def twice: Int = n * 2
  }

  def main(args: Array[String]): Unit = {
    var sum = 0
    var line = StdIn.readLine()
    while (line != null) {
      sum += line.split(" ").map(_.trim).filter(_.nonEmpty).map(_.length).sum
      line = StdIn.readLine()
    }
    val groups = (0 until 10).groupBy(n => if (n % 2 == 0) "even" else "odd")
    for ((key, values) <- groups.toSeq.sortBy(_._1)) println(key + ": " + values.mkString(" "))
    val table = Array.ofDim[Long](5, 5)
    for (i <- 0 until 5; j <- i until 5 if i != j) table(i)(j) = gcd(i, j)
    val queue = mutable.PriorityQueue.empty[(Int, String)]
    queue.enqueue((1, "a"), (2, "b"))
    val memory = mutable.HashMap[String, List[Int]]().withDefaultValue(Nil)
    memory("a") ::= 3.twice
    val shape: Shape = Square(2)
    val word = shape match {
      case Square(side) if side > 1 => s"square ${shape.area}"
      case _ => "none"
    }
    val counter = new Counter
    counter += 1
    val number = try args.headOption.map(_.toInt).getOrElse(1)
    catch { case error: NumberFormatException => -1 }
    lazy val answer = Iterator.from(1).takeWhile(_ < 5).foldLeft(0)(_ + _)
    println(f"$word $sum ${queue.dequeue()} $memory ${counter.count} $number $answer%d")
  }
}
