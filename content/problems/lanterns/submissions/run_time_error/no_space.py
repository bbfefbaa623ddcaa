n, length = map(int, input().split())
ring = sorted(map(int, input().split()))
print(max(b - a for a, b in zip(ring, ring[1:])) // (len(ring) - n))
