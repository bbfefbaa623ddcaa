local line = ("0123456789"):rep(10)
for _ = 1, 1000000 do
  print(line)
end
