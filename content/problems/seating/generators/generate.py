"""Writes data/ anew, always the same: python3 generators/generate.py (from the package's root)."""

import pathlib
import random


def write(name, seats, pairs):
    path = pathlib.Path("data") / name
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"{len(seats)} {len(pairs)}", *(f"{a} {b}" for a, b in pairs)]
    path.with_suffix(".in").write_text("\n".join(lines) + "\n")
    path.with_suffix(".ans").write_text(seats + "\n")


def wedding(seed, guests, pairs):
    source = random.Random(seed)
    seats = "".join(source.choices("LR", k=guests))
    left = [i for i, seat in enumerate(seats, 1) if seat == "L"]
    right = [i for i, seat in enumerate(seats, 1) if seat == "R"]
    chosen = [(source.choice(left), source.choice(right)) for _ in range(pairs)]
    return seats, [pair if source.random() < 0.5 else pair[::-1] for pair in chosen]


def row(guests):
    return ("LR" * guests)[:guests], [(i, i + 1) for i in range(1, guests)]


write("sample/1", "LRLR", [(1, 2), (3, 2), (3, 4)])
write("sample/2", "LLL", [])
write("secret/1-one", "R", [])
write("secret/2-pair", "LR", [(2, 1)])
write("secret/3-row", *row(12))
write("secret/4-star", "L" + "R" * 19, [(1, i) for i in range(2, 21)])
write("secret/5-groups", *wedding(5, 18, 12))
write("secret/6-long-row", *row(2_000))
write("secret/7-many", *wedding(7, 2_000, 4_000))
