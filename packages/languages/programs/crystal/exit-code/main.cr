STDERR.puts "out of order"
exit 7
