n, length = map(int, input().split())
ring = sorted(map(int, input().split()))
ring.append(ring[0] + length)
print(max(b - a for a, b in zip(ring, ring[1:])))
