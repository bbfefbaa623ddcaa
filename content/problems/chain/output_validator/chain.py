"""chain.py input answer feedback/ < output: the score is a tenth of the letters of the chain."""

import pathlib
import sys

input_path, _, feedback = sys.argv[1:4]
feedback = pathlib.Path(feedback)
words = set(pathlib.Path(input_path).read_text().split()[1:])
chain = sys.stdin.buffer.read(1 << 20).decode("ascii", "replace").split()


def reject(message):
    (feedback / "judgemessage.txt").write_text(message + "\n")
    (feedback / "teammessage.txt").write_text(message + "\n")
    sys.exit(43)


if not chain:
    reject("there is no word")
for before, word in zip([None, *chain], chain):
    if word not in words:
        reject(f"{word[:20]!r} is not one of the words, or appears twice")
    words.remove(word)
    if before is not None and before[-1] != word[0]:
        reject(f"{word!r} can't follow {before!r}")
letters = sum(map(len, chain))
(feedback / "judgemessage.txt").write_text(f"{len(chain)} words, {letters} letters\n")
(feedback / "score.txt").write_text(f"{letters / 10}\n")
sys.exit(42)
