from collections import deque

n, capacity = map(int, input().split())
total = 0
offers = deque()  # (day, price), prices rising
for day, price in enumerate(map(int, input().split())):
    while offers and offers[-1][1] >= price:
        offers.pop()
    offers.append((day, price))
    if offers[0][0] <= day - capacity:
        offers.popleft()
    total += offers[0][1]
print(total)
