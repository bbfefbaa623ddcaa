pieces = cell(1, 128);
for i = 1:128
  pieces{i} = ones(1024, 1024);
endfor
printf("too much %d\n", numel(pieces));
