n, word = input().split()
n = int(n)
lines = [word]
# One switch at a time ...
print("\n".join(lines))
