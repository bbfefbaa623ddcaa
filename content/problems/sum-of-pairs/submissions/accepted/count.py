import sys
from collections import Counter

n, t, *weights = map(int, sys.stdin.buffer.read().split())
seen = Counter()
pairs = 0
for weight in weights:
    pairs += seen[t - weight]
    seen[weight] += 1
print(pairs)
