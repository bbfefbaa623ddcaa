# Takes the reach for one metre more than it is.
n, reach = map(int, input().split())
placed = []
for tree in map(int, input().split()):
    if not placed or placed[-1] + reach + 1 < tree:
        placed.append(tree + reach + 1)
print(len(placed))
print(*placed)
