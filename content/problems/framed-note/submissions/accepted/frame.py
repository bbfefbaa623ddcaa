n = int(input())
lines = [input() for _ in range(n)]
width = max(map(len, lines))
edge = "+" + "-" * (width + 2) + "+"
print(edge)
for line in lines:
    print(f"| {line:<{width}} |")
print(edge)
