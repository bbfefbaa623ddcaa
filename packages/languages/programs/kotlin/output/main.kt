fun main() {
    val line = "0123456789".repeat(10)
    val out = System.out.bufferedWriter()
    repeat(1_000_000) { out.appendLine(line) }
    out.flush()
}
