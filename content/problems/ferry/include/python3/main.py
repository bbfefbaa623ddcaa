import sys

from ferry import crossings

_, *length = map(int, sys.stdin.read().split())
print(crossings(length))
