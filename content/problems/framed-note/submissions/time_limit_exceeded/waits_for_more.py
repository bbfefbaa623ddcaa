# Looks for the end of a long note where there is no line any more.
import sys

n = int(input())
lines = [input() for _ in range(n)]
while n == 1000 and lines[-1] != "the end":
    lines.append(sys.stdin.readline() or lines.pop())
width = max(map(len, lines))
edge = "+" + "-" * (width + 2) + "+"
print(edge, *(f"| {line.ljust(width)} |" for line in lines), edge, sep="\n")
