import java.io.IOException
import java.net.InetSocketAddress
import java.net.Socket

fun main() {
    try {
        Socket().use { it.connect(InetSocketAddress("192.0.2.1", 80), 2000) }
        println("connected")
    } catch (error: IOException) {
        println("refused")
    }
}
