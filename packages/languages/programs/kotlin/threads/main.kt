import kotlin.concurrent.thread

fun main() {
    var result = 0
    thread { result = 6 * 7 }.join()
    println(result)
}
