local pieces = {}
for i = 1, 128 do
  pieces[i] = string.char(i):rep(8 * 1024 * 1024)
end
print("too much", #pieces)
