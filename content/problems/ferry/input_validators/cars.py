import re
import sys

match = re.fullmatch(r"([1-9]\d*)\n([1-9]\d*(?: [1-9]\d*)*)\n", sys.stdin.read())
if match is None:
    sys.exit("expected a number of cars and their lengths")
n, length = int(match[1]), list(map(int, match[2].split(" ")))
if n > {{cars}} or len(length) != n:
    sys.exit(f"{len(length)} cars, said to be {n}")
if not all({{shortest}} <= each <= {{longest}} for each in length):
    sys.exit("a car is too short or too long")
sys.exit(42)
