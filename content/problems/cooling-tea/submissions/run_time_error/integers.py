a, r, p, m = map(int, input().split())
print(r + (a - r) * (1 - p / 100) ** m)
