n, word = input().split()
n, start = int(n), int(word, 2)
print("\n".join(f"{start ^ i ^ (i >> 1):0{n}b}" for i in range(2**n)))
