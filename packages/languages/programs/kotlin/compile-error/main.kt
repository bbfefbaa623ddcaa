fun main() {
    println("half a program"
}
