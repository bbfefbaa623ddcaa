# Seats the guests in turn, left and right.
n, m = map(int, input().split())
print(("LR" * n)[:n])
