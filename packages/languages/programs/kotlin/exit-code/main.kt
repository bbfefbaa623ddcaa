import kotlin.system.exitProcess

fun main() {
    System.err.println("out of order")
    exitProcess(7)
}
