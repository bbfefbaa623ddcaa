"""hives.py input answer feedback/ < output: the share of as many hives as there can be."""

import pathlib
import sys

input_path, answer_path, feedback = sys.argv[1:4]
feedback = pathlib.Path(feedback)
garden = pathlib.Path(input_path).read_text().split()[2:]
most = sum(row.count("H") for row in pathlib.Path(answer_path).read_text().split())
answer = sys.stdin.buffer.read(1 << 16).decode("ascii", "replace").split()


def reject(message):
    (feedback / "judgemessage.txt").write_text(message + "\n")
    (feedback / "teammessage.txt").write_text(message + "\n")
    sys.exit(43)


if not answer:
    reject("there is no garden")
if [row.replace("H", ".") for row in answer] != garden:
    reject("this is another garden, or a hive stands in a tree")
hives = {(y, x) for y, row in enumerate(answer) for x, field in enumerate(row) if field == "H"}
for y, x in sorted(hives):
    for other in ((y + 1, x), (y, x + 1)):
        if other in hives:
            reject(f"the hives in row {y + 1}, column {x + 1} and row {other[0] + 1}, column {other[1] + 1} touch")
if len(hives) > most:
    sys.exit(f"{len(hives)} hives, but the answer file has {most}")
(feedback / "judgemessage.txt").write_text(f"{len(hives)} of {most} hives\n")
(feedback / "score_multiplier.txt").write_text(f"{len(hives) / most:.9f}\n")
sys.exit(42)
