import re
import sys

first, *rows = sys.stdin.read().split("\n")
height, width = map(int, re.fullmatch(r"([1-9]\d?) ([1-9]\d?)", first).groups())
assert height <= 60 and width <= 60
assert rows.pop() == "" and len(rows) == height
assert all(re.fullmatch(f"[.#]{{{width}}}", row) for row in rows)
assert any("." in row for row in rows)
sys.exit(42)
