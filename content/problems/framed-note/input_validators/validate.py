import re
import sys

lines = sys.stdin.read().split("\n")
assert re.fullmatch(r"[1-9]\d{0,3}", lines[0]) and int(lines[0]) <= 1000
assert lines[-1] == "" and len(lines) == int(lines[0]) + 2
for line in lines[1:-1]:
    assert re.fullmatch(r"[ -~]{0,200}", line) and not line.endswith(" ")
sys.exit(42)
