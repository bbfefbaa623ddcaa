# Follows the row of guests by calling itself, as deep as the row is long.
import sys

n, m, *numbers = map(int, sys.stdin.read().split())
against = [[] for _ in range(n + 1)]
for a, b in zip(numbers[::2], numbers[1::2]):
    against[a].append(b)
    against[b].append(a)
seat = [""] * (n + 1)


def place(guest, here, there):
    seat[guest] = here
    for other in against[guest]:
        if not seat[other]:
            place(other, there, here)


for guest in range(1, n + 1):
    if not seat[guest]:
        place(guest, "L", "R")
print("".join(seat))
