import re
import sys

match = re.fullmatch(
    r"(-?\d{1,3}(?:\.\d{1,2})?) (-?\d{1,3}(?:\.\d{1,2})?) (\d{1,3}(?:\.\d{1,4})?) (\d{1,10})\n",
    sys.stdin.read(),
)
a, r, p, m = map(float, match.groups())
assert abs(a) <= 100 and abs(r) <= 100 and p <= 100 and m <= 10**9
sys.exit(42)
