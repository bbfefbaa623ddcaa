# Looks for the next lantern of each by going through all of them: too slow for many.
n, length = map(int, input().split())
ring = sorted(set(map(int, input().split())))
longest = 0
for here in ring:
    ahead = length
    for other in ring:
        distance = (other - here) % length
        if distance != 0 and distance < ahead:
            ahead = distance
    longest = max(longest, ahead)
print(longest)
