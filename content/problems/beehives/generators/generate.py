"""Writes data/, attachments/ and the submissions' answers anew, always the same:
python3 generators/generate.py (from the package's root)."""

import pathlib
import random
import sys

sys.setrecursionlimit(10_000)


def neighbours(free, y, x):
    return [at for at in ((y + 1, x), (y - 1, x), (y, x + 1), (y, x - 1)) if at in free]


def best(garden):
    """As many hives as there are free fields less those of a largest matching: what König's theorem says."""
    free = {(y, x) for y, row in enumerate(garden) for x, field in enumerate(row) if field == "."}
    even = sorted(at for at in free if sum(at) % 2 == 0)
    partner = {}

    def find(at, seen):
        for other in neighbours(free, *at):
            if other not in seen:
                seen.add(other)
                if other not in partner or find(partner[other], seen):
                    partner[other], partner[at] = at, other
                    return True
        return False

    for at in even:
        find(at, set())
    # What alternating paths reach from even fields without a partner.
    reached = {at for at in even if at not in partner}
    waiting = sorted(reached)
    while waiting:
        at = waiting.pop()
        for other in neighbours(free, *at):
            if other not in reached:
                reached.add(other)
                if partner[other] not in reached:
                    reached.add(partner[other])
                    waiting.append(partner[other])
    return {at for at in free if (at in reached) == (sum(at) % 2 == 0)}


def greedy(garden):
    """From the upper left, wherever there is room."""
    hives = set()
    for y, row in enumerate(garden):
        for x, field in enumerate(row):
            if field == "." and (y - 1, x) not in hives and (y, x - 1) not in hives:
                hives.add((y, x))
    return hives


def drawn(garden, hives):
    return "".join(
        "".join("H" if (y, x) in hives else field for x, field in enumerate(row)) + "\n"
        for y, row in enumerate(garden)
    )


def grown(seed, height, width, trees):
    source = random.Random(seed)
    return ["".join("#" if source.random() < trees else "." for _ in range(width)) for _ in range(height)]


gardens = {
    "sample/small": ["..#", "...", "#.."],
    "secret/1-row": ["..........."],
    "secret/2-ring": [".....", ".###.", ".###.", ".###.", "....."],
    "secret/3-orchard": grown(3, 20, 30, 0.3),
    "secret/4-wood": grown(4, 60, 60, 0.45),
}


def write(path, text):
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


write("data/secret/test_group.yaml", "max_score: 100\nscore_aggregation: sum\n")
for name, garden in gardens.items():
    text = f"{len(garden)} {len(garden[0])}\n{drawn(garden, set())}"
    write(f"data/{name}.in", text)
    write(f"data/{name}.ans", drawn(garden, best(garden)))
    last = name.split("/")[1]
    write(f"attachments/{last}.txt", text)
    # Answers may have the whole name of their test, or its last part.
    write(f"submissions/accepted/matching/{name}.out", drawn(garden, best(garden)))
    write(f"submissions/partly/from_the_corner/{last}.out", drawn(garden, greedy(garden)))
    write(f"submissions/partly/two_gardens/{last}.ans", drawn(garden, best(garden)))
    write(f"submissions/wrong_answer/everywhere/{last}.txt", drawn(garden, set()).replace(".", "H"))
    write(f"submissions/wrong_answer/no_idea/{last}.out", "?\n")
for last in ("3-orchard", "4-wood"):
    pathlib.Path(f"submissions/partly/two_gardens/{last}.ans").unlink()
