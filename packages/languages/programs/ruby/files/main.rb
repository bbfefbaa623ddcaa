require_relative "answer"

puts answer
