# Gives up in the middle of the talk.
n, k = map(int, input().split())
print("weigh 1 1 2", flush=True)
coins = {"lighter": 1, "heavier": 2}
print("found", coins[input()], flush=True)
