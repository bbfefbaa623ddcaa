# Takes the longest word that fits, from each start, and keeps the best chain.
words = [input() for _ in range(int(input()))]
by_letter = {}
for word in sorted(words, key=len, reverse=True):
    by_letter.setdefault(word[0], []).append(word)


def chain_from(word):
    chain, used = [word], {word}
    while True:
        fitting = [other for other in by_letter.get(chain[-1][-1], []) if other not in used]
        if not fitting:
            return chain
        best = max(fitting, key=lambda other: (len(by_letter.get(other[-1], [])), len(other)))
        chain.append(best)
        used.add(best)


print(*max(map(chain_from, words[:20]), key=lambda chain: sum(map(len, chain))), sep="\n")
