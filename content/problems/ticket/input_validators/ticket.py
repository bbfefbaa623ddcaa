import re
import sys

match = re.fullmatch(r"([1-9]\d?)\n([A-Za-z]+(?: [A-Za-z]+){0,19})\n", sys.stdin.read())
assert len(match[2]) <= int(match[1]) <= 60
sys.exit(42)
