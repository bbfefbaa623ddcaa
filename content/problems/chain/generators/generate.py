"""Writes data/ anew, always the same: python3 generators/generate.py (from the package's root)."""

import pathlib
import random


def write(name, words, answer=None):
    path = pathlib.Path("data") / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".in").write_text("\n".join([str(len(words)), *words]) + "\n")
    # The validator needs no answer: any chain will do. That of the sample is what the statement shows.
    path.with_suffix(".ans").write_text("".join(f"{word}\n" for word in answer or words[:1]))


def invented(seed, count, letters, longest):
    source = random.Random(seed)
    words = {}
    while len(words) < count:
        words["".join(source.choices(letters, k=source.randint(2, longest)))] = None
    return list(words)


pathlib.Path("data/secret").mkdir(parents=True, exist_ok=True)
pathlib.Path("data/secret/test_group.yaml").write_text("max_score: unbounded\nscore_aggregation: sum\n")
write("sample/1", ["tea", "apple", "net", "eel", "ant", "oak"], answer=["net", "tea", "apple", "eel"])
write("secret/1-single", ["lonely"])
write("secret/2-ring", ["ab", "bc", "cd", "da"])
write("secret/3-small", invented(3, 12, "aeklnst", 6))
write("secret/4-large", invented(4, 400, "abcdefghijklmnopqrstuvwxyz", 8))
