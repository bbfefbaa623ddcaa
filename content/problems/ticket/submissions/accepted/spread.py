width = int(input())
words = input().split()
gaps = len(words) - 1
spaces = width - sum(map(len, words))
line = words[0]
for left, word in zip(range(gaps, 0, -1), words[1:]):
    gap = -(-spaces // left)
    spaces -= gap
    line += " " * gap + word
print(line.ljust(width))
