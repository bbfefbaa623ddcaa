n, t = map(int, input().split())
weights = list(map(int, input().split()))
print(sum(weights[i] + weights[j] == t for i in range(n) for j in range(i)))
