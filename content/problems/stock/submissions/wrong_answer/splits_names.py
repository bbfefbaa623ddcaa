# Joins the arguments and splits them at spaces again.
import sys
from collections import Counter

total = Counter()
for shelf in input().split():
    for line in open(shelf):
        count, goods = line.rstrip("\n").split(" ", 1)
        total[goods] += int(count)
wanted = " ".join(sys.argv[1:]).split()
for goods in sorted(total):
    if not wanted or goods in wanted:
        print(total[goods], goods)
