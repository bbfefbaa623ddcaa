"""Writes data/ anew, always the same: python3 generators/generate.py (from the package's root)."""

import pathlib


def write(name, coins, light, interaction=None):
    path = pathlib.Path("data") / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".in").write_text(f"{coins} {light}\n")
    # The validator knows the answer from the input.
    path.with_suffix(".ans").write_text("")
    if interaction is not None:
        path.with_suffix(".interaction").write_text("\n".join(interaction) + "\n")


write("sample/1", 5, 4, ["<5 2", ">weigh 2 1 2 3 4", "<right", ">weigh 1 3 4", "<right", ">found 4"])
write("sample/2", 2, 1, ["<2 1", ">weigh 1 1 2", "<left", ">found 1"])
write("secret/01-two", 2, 2)
write("secret/02-three", 3, 3)
write("secret/03-four", 4, 0)
write("secret/04-seven", 7, 7)
write("secret/05-power", 27, 14)
write("secret/06-more", 28, 0)
write("secret/07-first", 1_000, 1)
write("secret/08-last", 1_999, 1_999)
write("secret/09-choice", 2_000, 0)
write("secret/10-full", 729, 0)
