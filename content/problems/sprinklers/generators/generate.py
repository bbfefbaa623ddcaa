"""Writes data/ anew, always the same: python3 generators/generate.py (from the package's root)."""

import pathlib
import random


def write(name, reach, trees):
    path = pathlib.Path("data") / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".in").write_text(f"{len(trees)} {reach}\n{' '.join(map(str, trees))}\n")
    placed = []
    for tree in trees:
        if not placed or placed[-1] + reach < tree:
            placed.append(tree + reach)
    path.with_suffix(".ans").write_text(f"{len(placed)}\n{' '.join(map(str, placed))}\n")


def group(name, flags):
    path = pathlib.Path("data") / name / "testdata.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f"grading: custom\ngrader_flags: {flags}\non_reject: break\nreject_score: 1000000\nrange: 0 +inf\n"
    )


def among(seed, count, length):
    return sorted(random.Random(seed).sample(range(length + 1), count))


group("", "skip 1 weight 1")
group("sample", "weight 1")
group("secret", "weight 1")
group("secret/1-small", "weight 1")
group("secret/2-large", "weight 3")

write("sample/1", 2, [1, 4, 5, 9, 20])
write("sample/2", 5, [0])
write("secret/1-small/1-one", 10**6, [10**9])
write("secret/1-small/2-row", 1, list(range(10, 30)))
write("secret/1-small/3-edge", 3, [0, 6, 12, 19, 25, 32])
write("secret/1-small/4-random", 20, among(4, 50, 1_000))
write("secret/2-large/1-far", 10, list(range(0, 2_000 * 21, 21)))
write("secret/2-large/2-random", 10**6, among(22, 2_000, 10**9))
write("secret/2-large/3-dense", 7, among(23, 2_000, 20_000))
