"""Writes data/ anew, always the same: python3 generators/generate.py (from the package's root)."""

import pathlib
import random


def write(name, lines):
    path = pathlib.Path("data") / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".in").write_text("\n".join([str(len(lines)), *lines]) + "\n")
    width = max(map(len, lines))
    edge = "+" + "-" * (width + 2) + "+"
    framed = [edge, *(f"| {line.ljust(width)} |" for line in lines), edge]
    path.with_suffix(".ans").write_text("\n".join(framed) + "\n")


def note(seed, count, longest):
    source = random.Random(seed)
    printable = [chr(code) for code in range(32, 127)]
    return [
        "".join(source.choices(printable, k=source.randint(0, longest))).rstrip(" ")
        for _ in range(count)
    ]


write("sample/1", ["Back at", "five!"])
write("sample/2", [""])
write("secret/01-letter", ["x"])
write("secret/02-indent", ["def f():", "    return 1", "", "f()"])
write("secret/03-frames", ["+---+", "| a |", "+---+"])
write("secret/04-empty", ["", "", ""])
write("secret/05-widest", ["-" * 200, "|", "+" * 199])
write("secret/06-inner", ["a  b   c    d", "  e  f"])
write("secret/07-random", note(7, 40, 30))
write("secret/08-long", note(8, 1000, 200))
