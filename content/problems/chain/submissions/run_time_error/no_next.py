words = [input() for _ in range(int(input()))]
chain = [words.pop()]
while words:
    following = next(word for word in words if word[0] == chain[-1][-1])
    words.remove(following)
    chain.append(following)
print(*chain, sep="\n")
