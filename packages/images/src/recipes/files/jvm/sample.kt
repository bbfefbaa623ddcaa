import java.io.BufferedReader
import java.io.InputStreamReader
import java.util.PriorityQueue
import java.util.StringTokenizer

// What programs usually are made of: which classes the compiler needs for that is found out by compiling it.
data class Point(val x: Int, val y: Int) : Comparable<Point> {
    override fun compareTo(other: Point) = compareValuesBy(this, other, Point::x, Point::y)
}

sealed interface Shape {
    val area: Double
}

class Square(private val side: Double) : Shape {
    override val area get() = side * side
}

object Counter {
    var count = 0
}

enum class Color { RED, GREEN }

fun <T> List<T>.second(): T? = if (size > 1) this[1] else null

inline fun repeatTwice(action: (Int) -> Unit) {
    for (i in 0 until 2) action(i)
}

fun numbers() = sequence {
    var n = 0
    while (true) yield(n++)
}

fun main(args: Array<String>) {
    val reader = BufferedReader(InputStreamReader(System.`in`))
    var sum = 0L
    while (true) {
        val line = reader.readLine() ?: break
        val words = StringTokenizer(line)
        while (words.hasMoreTokens()) sum += words.nextToken().length
    }
    val groups = (0 until 10).groupBy { if (it % 2 == 0) "even" else "odd" }.toSortedMap()
    for ((key, values) in groups) println("$key: $values")
    val table = Array(5) { IntArray(5) { it * it } }
    val queue = PriorityQueue<Point>(compareBy { it.y })
    queue.add(Point(1, 2))
    val memory = mutableMapOf<String, MutableList<Int>>()
    memory.getOrPut("a") { mutableListOf() }.add(table[1].sum())
    val text = buildString { append(queue.poll()).append(memory.entries.joinToString()) }
    val shape: Shape = Square(2.0)
    val word = when (shape) {
        is Square -> "square ${shape.area}"
    }
    try {
        repeatTwice { Counter.count += it }
        require(Counter.count > 0) { "none" }
        println(word + text + listOf(1, 2).second() + numbers().take(3).toList() + Color.valueOf("RED"))
    } catch (error: IllegalArgumentException) {
        System.err.println(error.message ?: "unknown")
    } finally {
        println(args.firstOrNull()?.toIntOrNull() ?: "%.2f".format(1.5))
    }
}
