# Compares with the evening before only.
n, capacity = map(int, input().split())
prices = list(map(int, input().split()))
total = 0
for day in range(n):
    total += min(prices[day], prices[day - 1]) if day and capacity > 1 else prices[day]
print(total)
