import re
import sys

lines = sys.stdin.read().split("\n")
assert lines.pop() == ""
match = re.fullmatch(r"(?:count|age|names|json|letter|table|shout) ([1-9]\d?)", lines[0])
assert int(match[1]) == len(lines) - 1 <= 50
people = [re.fullmatch(r"([a-z]{1,12}) ([a-z]{1,12}) (0|[1-9]\d{0,2})", line) for line in lines[1:]]
assert all(int(person[3]) <= 120 for person in people)
assert len({person[1] for person in people}) == len(people)
sys.exit(42)
