# Does not fill short lines.
n = int(input())
lines = [input() for _ in range(n)]
edge = "+" + "-" * (max(map(len, lines)) + 2) + "+"
print(edge)
for line in lines:
    print(f"| {line} |")
print(edge)
