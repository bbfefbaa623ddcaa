fun main() {
    val numbers = listOf(1, 2, 3)
    println(numbers[3])
}
