import sys

n, m, *numbers = map(int, sys.stdin.read().split())
against = [[] for _ in range(n + 1)]
for a, b in zip(numbers[::2], numbers[1::2]):
    against[a].append(b)
    against[b].append(a)
seat = [""] * (n + 1)
for first in range(1, n + 1):
    if seat[first]:
        continue
    seat[first] = "L"
    waiting = [first]
    while waiting:
        guest = waiting.pop()
        for other in against[guest]:
            if not seat[other]:
                seat[other] = "R" if seat[guest] == "L" else "L"
                waiting.append(other)
print("".join(seat))
