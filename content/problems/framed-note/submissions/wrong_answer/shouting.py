n = int(input())
lines = [input().upper() for _ in range(n)]
width = max(map(len, lines))
edge = "+" + "-" * (width + 2) + "+"
print(edge, *(f"| {line.ljust(width)} |" for line in lines), edge, sep="\n")
