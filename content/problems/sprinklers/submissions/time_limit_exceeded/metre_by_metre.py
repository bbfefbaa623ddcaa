# Walks along the path, which is a long one.
n, reach = map(int, input().split())
trees = set(map(int, input().split()))
last = max(trees)
placed = []
for at in range(last + 1):
    if at in trees and (not placed or placed[-1] + reach < at):
        placed.append(at + reach)
print(len(placed), *placed)
