"""A balance to practise with: python3 balance.py N COIN, then type what your program would print."""

import sys

n, light = map(int, sys.argv[1:])
weighings = 0
while 3**weighings < n:
    weighings += 1
print(n, weighings)
for line in sys.stdin:
    command, *numbers = line.split()
    if command == "found":
        print("right" if numbers == [str(light)] else f"wrong, it was {light}")
        break
    coins = list(map(int, numbers[1:]))
    half = len(coins) // 2
    print("left" if light in coins[:half] else "right" if light in coins[half:] else "even")
