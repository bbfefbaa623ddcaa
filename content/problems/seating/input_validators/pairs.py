import sys

lines = sys.stdin.read().splitlines()
n, m = map(int, lines[0].split())
against = [[] for _ in range(n)]
for line in lines[1:]:
    a, b = map(int, line.split())
    against[a - 1].append(b - 1)
    against[b - 1].append(a - 1)
table = [0] * n
for first in range(n):
    if table[first] == 0:
        table[first] = 1
        waiting = [first]
        while waiting:
            guest = waiting.pop()
            for other in against[guest]:
                assert table[other] != table[guest], "these guests can't be seated"
                if table[other] == 0:
                    table[other] = -table[guest]
                    waiting.append(other)
sys.exit(42)
