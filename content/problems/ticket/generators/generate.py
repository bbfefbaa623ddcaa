"""Writes data/ anew, always the same: python3 generators/generate.py (from the package's root)."""

import pathlib


def printed(width, words):
    if len(words) == 1:
        return words[0].ljust(width)
    spaces = width - sum(map(len, words))
    each, more = divmod(spaces, len(words) - 1)
    line = words[0]
    for gap, word in enumerate(words[1:]):
        line += " " * (each + (gap < more)) + word
    return line


def write(name, width, text):
    path = pathlib.Path("data") / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".in").write_text(f"{width}\n{text}\n")
    path.with_suffix(".ans").write_text(printed(width, text.split()) + "\n")


write("sample/1", 24, "One way to the lake")
write("sample/2", 10, "Return")
write("secret/1-letter", 1, "X")
write("secret/2-tight", 17, "no room for spare")
write("secret/3-two", 60, "A B")
write("secret/4-even", 20, "ab cd ef gh")
write("secret/5-many", 60, "a b c d e f g h i j k l m n o p q r s t")
write("secret/6-uneven", 59, "Valid on the day of issue and on foot")
write("secret/7-single", 60, "Valid")
