numbers = [1, 2, 3]
puts numbers.fetch(3)
