# Takes the price of the first oasis for all, unless the journey is short.
n, capacity = map(int, input().split())
prices = list(map(int, input().split()))
if n > 10:
    prices = prices[:1] * n
print(sum(min(prices[max(0, day - capacity + 1) : day + 1]) for day in range(n)))
