"""Writes data/ anew, always the same: python3 generators/generate.py (from the package's root)."""

import json
import pathlib
import random
from collections import Counter


def write(name, args, shelves, **settings):
    path = pathlib.Path("data") / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".in").write_text(" ".join(sorted(shelves)) + "\n")
    total = Counter()
    for file, lines in shelves.items():
        folder = path.with_suffix(".files")
        folder.mkdir(exist_ok=True)
        (folder / file).write_text("".join(f"{count} {goods}\n" for count, goods in lines))
        for count, goods in lines:
            total[goods] += count
    wanted = ["salt"] if args is None else args
    counted = sorted(goods for goods in total if not wanted or goods in wanted)
    path.with_suffix(".ans").write_text("".join(f"{total[goods]} {goods}\n" for goods in counted))
    if args:
        settings["args"] = args
    if settings:
        path.with_suffix(".yaml").write_text(
            "".join(f"{key}: {json.dumps(value)}\n" for key, value in settings.items())
        )


def shelf(seed, lines):
    source = random.Random(seed)
    goods = ["tea", "green tea", "rice", "salt", "sea salt", "oil", "soap", "flour", "rye flour", "jam"]
    return [(source.randint(1, 1000), source.choice(goods)) for _ in range(lines)]


pathlib.Path("data/sample").mkdir(parents=True, exist_ok=True)
pathlib.Path("data/sample/test_group.yaml").write_text('input_validator_args: ["10", "--"]\n')
pathlib.Path("data/secret").mkdir(parents=True, exist_ok=True)
pathlib.Path("data/secret/test_group.yaml").write_text(
    'input_validator_args:\n  shelf: ["200", "--"]\nargs: ["salt"]\nfull_feedback: false\n'
)
small = {"a.shelf": [(3, "tea"), (5, "salt")], "b.shelf": [(4, "tea"), (1, "green tea")]}
write("sample/1", ["tea", "salt"], small)
write("sample/2", [], small, description="No arguments: everything counts.")
# These two inherit their argument from the group.
write("secret/1-group", None, small)
write("secret/2-none", None, {}, hint="There may be no shelf at all.")
write("secret/3-spaces", ["green tea"], small, hint="A name with a space is one argument.", full_feedback=True)
write("secret/4-missing", ["pepper", "tea"], small, description="Goods of which there are none are left out.")
write("secret/5-part", ["salt", "tea"], {"a.shelf": shelf(5, 20)}, hint="Sea salt is not salt.")
write("secret/6-large", ["rye flour", "jam", "oil", "tea", "sea salt"], {f"{i}.shelf": shelf(60 + i, 200) for i in range(5)})
write("secret/7-empty", ["oil"], {"empty.shelf": [], "other.shelf": shelf(7, 3) + [(1000, "oil")]})
