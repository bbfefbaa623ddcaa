"""trail.py MAX_N < input: the number of posts, the summit and the seed of the altitudes."""

import re
import sys

[most] = map(int, sys.argv[1:])
match = re.fullmatch(r"([1-9]\d{0,9}) ([1-9]\d{0,9}) (0|[1-9]\d{0,8})\n", sys.stdin.read())
n, summit = int(match[1]), int(match[2])
assert n <= most <= 10**9 and summit <= n
sys.exit(42)
