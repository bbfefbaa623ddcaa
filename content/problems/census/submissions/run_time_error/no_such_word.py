word, n = input().split()
people = [input().split() for _ in range(int(n))]
answers = {"count": (len(people), len({place for _, place, _ in people}))}
print(*answers[word])
