n, reach = map(int, input().split())
placed = []
for tree in map(int, input().split()):
    if placed[-1] + reach < tree:
        placed.append(tree + reach)
print(len(placed), *placed)
