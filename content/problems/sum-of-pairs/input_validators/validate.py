import re
import sys

text = sys.stdin.read()
lines = text.split("\n")
assert len(lines) == 3 and lines[2] == ""
integer = re.compile(r"0|-?[1-9][0-9]*")
for line in lines[:2]:
    assert all(integer.fullmatch(word) for word in line.split(" "))
n, t = map(int, lines[0].split(" "))
weights = list(map(int, lines[1].split(" ")))
assert 2 <= n <= 70_000 and abs(t) <= 10**6
assert len(weights) == n and all(abs(weight) <= 10**6 for weight in weights)
sys.exit(42)
