pieces = Array.new(128) { Bytes.new(8 * 1024 * 1024, 1_u8) }
puts "too much #{pieces.sum { |piece| piece[0].to_i }}"
