# Halves leave too many coins: the weighings are used up.
n, k = map(int, input().split())
coins = list(range(1, n + 1))
while len(coins) > 1:
    half = len(coins) // 2
    left, right, rest = coins[:half], coins[half : 2 * half], coins[2 * half :]
    print("weigh", half, *left, *right, flush=True)
    coins = {"left": left, "right": right, "even": rest}[input()]
print("found", coins[0], flush=True)
