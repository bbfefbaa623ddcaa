import sys
from collections import Counter

total = Counter()
for shelf in input().split():
    with open(shelf) as lines:
        for line in lines:
            count, goods = line.rstrip("\n").split(" ", 1)
            total[goods] += int(count)
wanted = sys.argv[1:]
for goods in sorted(total):
    if not wanted or goods in wanted:
        print(total[goods], goods)
