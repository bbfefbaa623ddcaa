"""Writes data/ anew, always the same: python3 generators/generate.py (from the package's root)."""

import pathlib
import random

DAY = 24 * 60 * 60


def clock(seconds):
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def write(name, start, end):
    path = pathlib.Path("data") / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".in").write_text(f"{clock(start)} {clock(end)}\n")
    path.with_suffix(".ans").write_text(f"{clock((end - start) % DAY)}\n")


source = random.Random(2025)
write("sample/1", 9 * 3600, 10 * 3600 + 90)
write("sample/2", 23 * 3600 + 59 * 60 + 50, 5)
known = [(0, 0), (0, DAY - 1), (DAY - 1, 0), (3600, 3599), (59, 60), (60, 59), (43_200, 43_200), (1, 0)]
for number in range(1, 99):
    start, end = known[number - 1] if number <= len(known) else (source.randrange(DAY), source.randrange(DAY))
    # The last ones are the first ones again: their results may be used twice.
    if number > 90:
        start, end = known[number - 91]
    write(f"secret/{number:02}", start, end)
