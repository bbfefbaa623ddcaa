a, r, p, m = map(float, input().split())
for _ in range(int(m)):
    a -= (a - r) * p / 100
print(a)
