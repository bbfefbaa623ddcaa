# Tries all ways, and looks through the whole list for where it has been.
import sys

sys.setrecursionlimit(200_000)
n, word = input().split()
n = int(n)
seen = [word]


def go(word):
    if len(seen) == 2**n:
        return True
    for at in range(n):
        other = word[:at] + "10"[int(word[at])] + word[at + 1 :]
        if other not in seen:
            seen.append(other)
            if go(other):
                return True
            seen.pop()
    return False


go(word)
print("\n".join(seen))
