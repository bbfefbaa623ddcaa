# Counts pairs of different weights, not of stones.
n, t = map(int, input().split())
weights = set(map(int, input().split()))
print(sum(1 for weight in weights if t - weight in weights and weight < t - weight))
