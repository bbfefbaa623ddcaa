"""Writes data/ anew, always the same: python3 generators/generate.py (from the package's root)."""

import pathlib


def tour(n, word):
    start = int(word, 2)
    return "".join(f"{start ^ i ^ (i >> 1):0{n}b}\n" for i in range(2**n))


def write(name, n, word, answer="", output=None):
    path = pathlib.Path("data") / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".in").write_text(f"{n} {word}\n")
    path.with_suffix(".ans").write_text(answer)
    if output is not None:
        path.with_suffix(".out").write_text(output)


# The validator needs no answers; those of the samples are what the statement shows.
write("sample/1", 2, "00", answer=tour(2, "00"))
write("sample/2", 3, "101", answer=tour(3, "101"))
write("secret/01-one", 1, "1")
write("secret/02-four", 4, "0110")
write("secret/03-eight", 8, "11111111")
write("secret/04-eleven", 11, "0" * 11)
write("secret/05-sixteen", 16, "10" * 8)
write("secret/06-all", 17, "1" * 17)
write("secret/07-zero", 17, "0" * 17)

write("valid_output/back", 2, "11", output="11\n10\n00\n01\n")
write("valid_output/spaces", 2, "00", output="  00 10\t11 01")
write("invalid_output/empty", 1, "0", output="")
write("invalid_output/short", 2, "00", output="00\n01\n11\n")
write("invalid_output/twice", 2, "00", output="00\n01\n00\n10\n")
write("invalid_output/jump", 2, "00", output="00\n11\n01\n10\n")
write("invalid_output/elsewhere", 2, "00", output="01\n00\n10\n11\n")
write("invalid_output/long", 1, "0", output="0\n1\n0\n")
write("invalid_output/words", 1, "0", output="off\non\n")

invalid = pathlib.Path("data/invalid_input")
invalid.mkdir(parents=True, exist_ok=True)
for name, text in {
    "empty": "",
    "many": f"18 {'0' * 18}\n",
    "zero": "0 \n",
    "short": "3 01\n",
    "letters": "2 0x\n",
    "rest": "1 0\n1 0\n",
    "space": "2  01\n",
    "leading": "02 01\n",
}.items():
    (invalid / f"{name}.in").write_text(text)
(invalid / "leading.yaml").write_text("description: The number of switches has no leading zero.\n")
