# Asks as if there were no limit.
input(), input()
low, high = 1, 10**6
while low < high:
    middle = (low + high + 1) // 2
    print("ask", middle, flush=True)
    if input() == "less":
        high = middle - 1
    else:
        low = middle
print("open", low, flush=True)
