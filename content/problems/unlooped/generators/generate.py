"""Writes data/ anew, always the same: python3 generators/generate.py (from the package's root)."""

import pathlib


def write(name, start):
    path = pathlib.Path("data") / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".in").write_text(f"{start}\n")
    x, steps = start, 0
    while x > 1:
        x, steps = (x // 2 if x % 2 == 0 else 3 * x + 1), steps + 1
    path.with_suffix(".ans").write_text(f"{steps}\n")


pathlib.Path("data/secret").mkdir(parents=True, exist_ok=True)
pathlib.Path("data/secret/test_group.yaml").write_text(
    "static_validation_score: pass-fail\nstatic_validator_args: [for, while, goto, do]\n"
)
write("sample/1", 6)
write("sample/2", 27)
write("secret/1-one", 1)
write("secret/2-power", 2**49)
write("secret/3-odd", 837_799)
write("secret/4-high", 113_383)
write("secret/5-large", 999_999_999_999_999)
write("secret/6-long", 8_400_511)
