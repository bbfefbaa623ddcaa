# Counts up: from 01 to 10 two switches turn at once.
n, word = input().split()
n, start = int(n), int(word, 2)
print("\n".join(f"{(start + i) % 2**n:0{n}b}" for i in range(2**n)))
