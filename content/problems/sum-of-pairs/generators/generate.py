"""Writes data/ anew, always the same: python3 generators/generate.py (from the package's root)."""

import pathlib
import random
from collections import Counter

N_MAX = 70_000
LIMIT = 10**6


def answer(weights, target):
    seen = Counter()
    pairs = 0
    for weight in weights:
        pairs += seen[target - weight]
        seen[weight] += 1
    return pairs


def write(name, weights, target):
    path = pathlib.Path("data") / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".in").write_text(f"{len(weights)} {target}\n{' '.join(map(str, weights))}\n")
    path.with_suffix(".ans").write_text(f"{answer(weights, target)}\n")


def among(seed, count, low, high):
    source = random.Random(seed)
    return [source.randint(low, high) for _ in range(count)]


write("sample/1", [1, 5, 3, 3, 2], 6)
write("sample/2", [4, 4, 4], 8)
write("secret/01-none", [1, 2], 4)
write("secret/02-balloons", [-5, 5, 0, 0, -1, 1], 0)
write("secret/03-half", [7, 7, 1, 13], 14)
write("secret/04-small", among(4, 50, -20, 20), 3)
write("secret/05-extremes", [-LIMIT, LIMIT, LIMIT, 0, -LIMIT], 0)
write("secret/06-medium", among(6, 2_000, -500, 500), 17)
write("secret/07-sorted", list(range(-1_000, 1_000)), -1)
write("secret/08-sparse", among(8, 20_000, -LIMIT, LIMIT), 4_321)
write("secret/09-equal", [5] * N_MAX, 10)
write("secret/10-dense", among(10, N_MAX, -300, 300), 0)
