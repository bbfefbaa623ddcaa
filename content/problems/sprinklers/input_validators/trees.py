import re
import sys

match = re.fullmatch(r"([1-9]\d*) ([1-9]\d*)\n(\d+(?: \d+)*)\n", sys.stdin.read())
n, r = int(match[1]), int(match[2])
trees = list(map(int, match[3].split(" ")))
assert 1 <= n <= 2_000 and 1 <= r <= 10**6
assert len(trees) == n and trees[-1] <= 10**9
assert all(a < b for a, b in zip(trees, trees[1:]))
assert match[3] == " ".join(map(str, trees))
sys.exit(42)
