"""Writes data/ anew, always the same: python3 generators/generate.py (from the package's root)."""

import pathlib
import random

DECK = 60
CARS = 20_000


def text(length):
    return f"{len(length)}\n{' '.join(map(str, length))}\n"


def crossings(length):
    count, free = 0, 0
    for each in length:
        if each > free:
            count, free = count + 1, DECK
        free -= each
    return count


def write(name, length, hint=None, description=None, output=None):
    path = pathlib.Path("data") / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".in").write_text(text(length))
    path.with_suffix(".ans").write_text(f"{crossings(length)}\n")
    if output is not None:
        path.with_suffix(".out").write_text(output)
    settings = {"hint": hint, "description": description}
    lines = [f"{key}: {value}\n" for key, value in settings.items() if value is not None]
    if lines:
        path.with_suffix(".yaml").write_text("".join(lines))


def among(seed, count, low=2, high=18):
    source = random.Random(seed)
    return [source.randint(low, high) for _ in range(count)]


write("sample/1", [7, 18, 18, 17, 2])
write("sample/2", [4])
write("secret/1-full", [15] * 8, hint="A car may fill the deck to its end.", description="The deck is filled exactly.")
write("secret/2-order", [18, 18, 18, 7, 18, 18, 17, 6], hint="Nobody may overtake.",
      description="Packing the cars better than they stand would save a crossing.")
write("secret/3-short", [2] * 31)
write("secret/4-random", among(4, 500))
write("secret/5-long", [18] * 2_000)
write("secret/6-many", among(6, CARS), description="What is too slow shows here.")

write("valid_output/spaces", [2, 3], output="\n  1\t\n\n")
write("invalid_output/empty", [2, 3], output="")
write("invalid_output/number", [2, 3], output="2\n")
write("invalid_output/word", [2, 3], output="one\n")
write("invalid_output/more", [2, 3], output="1 1\n")
write("invalid_output/point", [2, 3], output="1.0\n", description="Without a tolerance numbers are words.")

invalid = pathlib.Path("data/invalid_input")
invalid.mkdir(parents=True, exist_ok=True)
for name, content in {
    "no-cars": "0\n\n",
    "bicycle": text([1, 5]),
    "lorry": text([19]),
    "fewer": "3\n5 5\n",
    "more": "1\n5 5\n",
    "too-many": text([2] * (CARS + 1)),
    "no-line-end": "1\n5",
    "two-spaces": "2\n5  5\n",
}.items():
    (invalid / f"{name}.in").write_text(content)
