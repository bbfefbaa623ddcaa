void main () {
    try {
        var address = new InetAddress.from_string ("192.0.2.1");
        new SocketClient ().connect (new InetSocketAddress (address, 80));
        stdout.puts ("connected\n");
    } catch (Error problem) {
        stdout.puts ("refused\n");
    }
}
