import re
import sys

match = re.fullmatch(r"([1-9]\d*)\n((?:[a-z]{2,8}\n)+)", sys.stdin.read())
words = match[2].split()
assert len(words) == int(match[1]) <= 400
assert len(set(words)) == len(words)
sys.exit(42)
