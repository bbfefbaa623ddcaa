fun main() {
    val out = System.out.bufferedWriter()
    for (line in generateSequence(::readLine)) {
        out.write(line)
        out.newLine()
    }
    out.flush()
}
