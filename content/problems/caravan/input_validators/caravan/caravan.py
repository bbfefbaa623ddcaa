"""caravan.py --most N [--equal | --ordered] < input"""

import argparse
import re
import sys

parser = argparse.ArgumentParser()
parser.add_argument("--most", type=int, required=True)
parser.add_argument("--equal", action="store_true")
parser.add_argument("--ordered", action="store_true")
options = parser.parse_args()

match = re.fullmatch(r"([1-9]\d*) ([1-9]\d*)\n((?:0|[1-9]\d*)(?: (?:0|[1-9]\d*))*)\n", sys.stdin.read())
n, c = int(match[1]), int(match[2])
prices = list(map(int, match[3].split(" ")))
assert c <= n <= options.most and len(prices) == n and max(prices) <= 10**9
assert not options.equal or len(set(prices)) == 1
assert not options.ordered or prices == sorted(prices)
sys.exit(42)
