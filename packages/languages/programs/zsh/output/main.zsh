line=${(l:100::0123456789:)}
for n in {1..1000000}; do
  print $line
done
