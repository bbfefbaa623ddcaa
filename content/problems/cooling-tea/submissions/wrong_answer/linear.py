# Takes p percent of the first difference each minute.
a, r, p, m = map(float, input().split())
print(r + (a - r) * max(0.0, 1 - p / 100 * m))
