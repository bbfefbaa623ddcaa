a, r, p, m = input().split()
print(float(r) + (float(a) - float(r)) * (1 - float(p) / 100) ** int(m))
