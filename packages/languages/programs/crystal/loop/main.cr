n = 0
while n < 1000
  n = (n + 1) % 1000
end
puts n
