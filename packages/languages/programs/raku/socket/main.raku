try {
    IO::Socket::INET.new(host => "192.0.2.1", port => 80);
    say "connected";
    CATCH {
        default { say "refused" }
    }
}
