"""shelf.py MOST_LINES -- [goods...] < names of the shelves, which are files of the working directory."""

import pathlib
import re
import sys

most, dashes, *goods = sys.argv[1:]
assert dashes == "--"
name = re.compile(r"[a-z]+(?: [a-z]+)*")
assert all(name.fullmatch(each) for each in goods) and len(set(goods)) == len(goods)

text = sys.stdin.read()
shelves = sorted(path.name for path in pathlib.Path().glob("*.shelf"))
assert text == " ".join(shelves) + "\n" and len(shelves) <= 5
for shelf in shelves:
    lines = pathlib.Path(shelf).read_text().split("\n")
    assert lines.pop() == "" and len(lines) <= int(most)
    for line in lines:
        count, goods_name = line.split(" ", 1)
        assert re.fullmatch(r"[1-9]\d{0,3}", count) and int(count) <= 1000
        assert name.fullmatch(goods_name)
sys.exit(42)
