thread = Thread.new { 6 * 7 }
puts thread.value
