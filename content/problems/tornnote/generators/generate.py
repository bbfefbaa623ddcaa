"""Writes data/ anew, always the same: python3 generators/generate.py (from the package's root)."""

import pathlib
import random


def write(name, message, first, second, interaction=None):
    path = pathlib.Path("data") / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".in").write_text(f"write\n{message}\n")
    path.with_suffix(".ans").write_text(f"{first} {second}\n")
    if interaction is not None:
        path.with_suffix(".interaction").write_text("\n".join(interaction) + "\n")


def digits(seed, count):
    return "".join(random.Random(seed).choices("0123456789", k=count))


# The losses count from the front of the note, modulo its length; the check digit stands at its end.
write(
    "sample/1", "2025", 1, 4,
    ["<write", "<2025", ">20259", "---", "<read", "<2?259", ">2025", "---", "<read", "<2025?", ">2025"],
)
write("secret/1-one", "7", 0, 1)
write("secret/2-zeros", "0000", 0, 3)
write("secret/3-leading", "007", 2, 1)
write("secret/4-nines", "9" * 99, 98, 99)
write("secret/5-end", digits(5, 20), 20, 19)
write("secret/6-random", digits(6, 500), 250, 499)
write("secret/7-long", digits(7, 1_000), 1_000, 0)
