import sys

wanted = sys.argv[1]
total = 0
for shelf in input().split():
    for line in open(shelf):
        count, goods = line.rstrip("\n").split(" ", 1)
        total += int(count) * (goods == wanted)
if len(sys.argv) > 2:
    raise SystemExit("can't count two things")
if total:
    print(total, wanted)
