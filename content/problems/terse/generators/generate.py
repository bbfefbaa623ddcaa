"""Writes data/ anew, always the same: python3 generators/generate.py (from the package's root)."""

import pathlib


def write(name, steps):
    path = pathlib.Path("data") / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".in").write_text(f"{steps}\n")
    lines = ["." * 2 * (steps - i) + "#" * 2 * i for i in range(1, steps + 1)]
    path.with_suffix(".ans").write_text("\n".join(lines) + "\n")


def group(name, text):
    path = pathlib.Path("data") / name / "test_group.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


group("secret", "max_score: 100\nscore_aggregation: sum\n")
group("secret/1-correct", "max_score: 60\nscore_aggregation: pass-fail\n")
# This group has no test but that of the static validator.
group(
    "secret/2-length",
    "max_score: 40\nscore_aggregation: sum\nrequire_pass: secret/1-correct\n"
    'static_validation_score: 40\nstatic_validator_args: ["{{par}}"]\n',
)
write("sample/1", 3)
for number, steps in enumerate([1, 2, 7, 19, 20], 1):
    write(f"secret/1-correct/{number}", steps)
