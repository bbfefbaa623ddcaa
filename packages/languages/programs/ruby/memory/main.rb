pieces = Array.new(128) { "\x01" * (8 * 1024 * 1024) }
puts "too much #{pieces.sum(&:bytesize)}"
