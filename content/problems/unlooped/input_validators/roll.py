import re
import sys

text = sys.stdin.read()
assert re.fullmatch(r"[1-9]\d{0,15}\n", text)
x, steps = int(text), 0
assert x <= 10**15
while x > 1:
    x, steps = (x // 2 if x % 2 == 0 else 3 * x + 1), steps + 1
assert steps <= 900
sys.exit(42)
