require "./answer"

puts answer
