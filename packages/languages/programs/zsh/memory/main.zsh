text=0123456789abcdef
while ((${#text} < 1024 * 1024 * 1024)); do
  text=$text$text
done
print "too much ${#text}"
