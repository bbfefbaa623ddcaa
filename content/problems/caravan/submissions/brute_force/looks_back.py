# Goes through all oases from which the skin may come: n times c steps.
n, capacity = map(int, input().split())
prices = list(map(int, input().split()))
total = 0
for day in range(n):
    best = prices[day]
    for other in range(max(0, day - capacity + 1), day):
        if prices[other] < best:
            best = prices[other]
    total += best
print(total)
