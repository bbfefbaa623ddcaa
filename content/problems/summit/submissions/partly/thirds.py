# Forgets what it has seen: two visits for a third of the way.
def altitude(post):
    print("?", post, flush=True)
    return int(input())


low, high = 1, int(input())
while high - low > 2:
    third = (high - low) // 3
    if altitude(low + third) < altitude(high - third):
        low += third
    else:
        high -= third
print("!", max(range(low, high + 1), key=altitude), flush=True)
