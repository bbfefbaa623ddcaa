# Knows what to do in the second night only.
input()
low, high = map(int, input().split("-"))
print("open", low, flush=True)
