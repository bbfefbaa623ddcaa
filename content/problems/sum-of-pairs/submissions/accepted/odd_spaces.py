# The answer amid white space: only tokens count.
import sys
from collections import Counter

n, t, *weights = map(int, sys.stdin.buffer.read().split())
count = Counter(weights)
pairs = sum(c * count[t - w] for w, c in count.items() if t - w in count)
pairs -= count[t // 2] if t % 2 == 0 else 0
sys.stdout.write(f"\r\n\t  {pairs // 2}\v\f\n\n   ")
