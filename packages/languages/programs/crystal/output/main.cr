line = "0123456789" * 10
1_000_000.times { puts line }
