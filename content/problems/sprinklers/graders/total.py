"""total.py [skip N] [weight W] < results: the first N results do not score, the sum is multiplied by W."""

import sys

options = dict(zip(sys.argv[1::2], sys.argv[2::2]))
assert set(options) <= {"skip", "weight"}
skip, weight = int(options.get("skip", 0)), float(options.get("weight", 1))

verdict = "AC"
total = 0.0
for index, line in enumerate(sys.stdin):
    result, score = line.split()
    if verdict == "AC":
        verdict = result
    if index >= skip:
        total += float(score)
print(verdict, total * weight)
