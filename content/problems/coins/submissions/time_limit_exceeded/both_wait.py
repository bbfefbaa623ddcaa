# Keeps a long question to itself, and so both wait for the other: hardly any CPU time, no end.
import sys

n, k = map(int, input().split())
coins = list(range(1, n + 1))
while len(coins) > 1:
    third = (len(coins) + 1) // 3
    left, right, rest = coins[:third], coins[third : 2 * third], coins[2 * third :]
    sys.stdout.write(f"weigh {third} {' '.join(map(str, left + right))}\n")
    if third != 667:
        sys.stdout.flush()
    coins = {"left": left, "right": right, "even": rest}[sys.stdin.readline().strip()]
print("found", coins[0], flush=True)
