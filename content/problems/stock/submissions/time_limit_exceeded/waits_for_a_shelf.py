# Where there is no shelf it looks for one again and again.
import glob
import sys
from collections import Counter

shelves = input().split()
while not shelves:
    shelves = glob.glob("*.shelf")
total = Counter()
for shelf in shelves:
    for line in open(shelf):
        count, goods = line.rstrip("\n").split(" ", 1)
        total[goods] += int(count)
wanted = sys.argv[1:]
for goods in sorted(total):
    if not wanted or goods in wanted:
        print(total[goods], goods)
