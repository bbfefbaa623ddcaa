"""limits.py MAX_N MAX_L [sorted] < input"""

import re
import sys

max_n, max_l, *flags = sys.argv[1:]
match = re.fullmatch(r"([1-9]\d*) ([1-9]\d*)\n((?:0|[1-9]\d*)(?: (?:0|[1-9]\d*))*)\n", sys.stdin.read())
n, length = int(match[1]), int(match[2])
positions = list(map(int, match[3].split(" ")))
assert n <= int(max_n) and length <= int(max_l)
assert len(positions) == n and max(positions) < length
assert flags in ([], ["sorted"])
assert not flags or positions == sorted(positions)
sys.exit(42)
