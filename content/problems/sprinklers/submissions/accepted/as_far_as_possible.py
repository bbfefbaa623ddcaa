n, reach = map(int, input().split())
placed = []
for tree in map(int, input().split()):
    if not placed or placed[-1] + reach < tree:
        placed.append(tree + reach)
print(len(placed))
print(*placed)
