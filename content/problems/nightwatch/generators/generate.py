"""Writes data/ anew, always the same: python3 generators/generate.py (from the package's root)."""

import pathlib


def write(name, number, interaction=None):
    path = pathlib.Path("data") / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".in").write_text(f"{number}\n")
    path.with_suffix(".ans").write_text(f"{number}\n")
    if interaction is not None:
        path.with_suffix(".interaction").write_text("\n".join(interaction) + "\n")


write(
    "sample/1", 700_000,
    [
        "<night 1", "<-", ">ask 500000", "<more", ">ask 750000", "<less", ">sleep 500001-749999", "---",
        "<night 2", "<500001-749999", ">ask 600000", "<more", ">ask 700000", "<same", ">open 700000",
    ],
)
write("secret/1-first", 1)
write("secret/2-last", 1_000_000)
write("secret/3-middle", 500_000)
write("secret/4-beside", 500_001)
write("secret/5-any", 271_828)
