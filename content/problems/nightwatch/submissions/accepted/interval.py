night = int(input().split()[1])
note = input()
low, high = (1, 10**6) if note == "-" else map(int, note.split("-"))
for _ in range(7):
    if low == high:
        break
    middle = (low + high) // 2
    print("ask", middle, flush=True)
    answer = input()
    if answer == "less":
        high = middle - 1
    elif answer == "more":
        low = middle + 1
    else:
        low = high = middle
print(f"open {low}" if low == high else f"sleep {low}-{high}", flush=True)
