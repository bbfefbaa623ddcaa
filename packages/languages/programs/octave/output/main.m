line = repmat("0123456789", 1, 10);
for i = 1:1000000
  puts([line, "\n"]);
endfor
