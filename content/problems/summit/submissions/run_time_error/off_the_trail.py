n = int(input())
altitudes = []
for post in (1, n):
    print("?", post, flush=True)
    altitudes.append(int(input()))
print("!", altitudes.index(max(altitudes) + 1), flush=True)
