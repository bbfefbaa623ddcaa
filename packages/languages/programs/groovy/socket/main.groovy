try {
    new Socket().withCloseable { it.connect(new InetSocketAddress('192.0.2.1', 80), 2000) }
    println 'connected'
} catch (IOException ignored) {
    println 'refused'
}
