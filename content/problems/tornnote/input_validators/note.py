import re
import sys

match = re.fullmatch(r"write\n([0-9]+)\n", sys.stdin.read())
assert len(match[1]) <= {{longest}}
sys.exit(42)
