fun main() {
    val pieces = mutableListOf<ByteArray>()
    repeat(128) { pieces.add(ByteArray(8 * 1024 * 1024) { 1 }) }
    println("too much ${pieces.size}")
}
