"""Writes data/ anew, always the same: python3 generators/generate.py (from the package's root)."""

import json
import pathlib
import random


def answer(word, people):
    names = [name for name, _, _ in people]
    ages = [age for _, _, age in people]
    places = {}
    for _, place, age in people:
        places.setdefault(place, []).append(age)
    match word:
        case "count":
            return f"{len(people)} {len(places)}\n"
        case "age":
            return f"{sum(ages) / len(ages)}\n"
        case "names":
            return "".join(f"{name}\n" for name in sorted(names))
        case "json":
            facts = {place: {"people": len(all_), "mean": sum(all_) / len(all_)} for place, all_ in places.items()}
            return json.dumps(facts, indent=2, sort_keys=True) + "\n"
        case "letter":
            # A regular expression: what the comparator `pattern` takes as the answer.
            return rf"\s*(Dear|Hello|Good day)\s+{names[ages.index(max(ages))]}\s*[,!]?" + "\n"
        case "table":
            return "".join(f"{name:12}{age:4}\n" for name, _, age in people)
        case "shout":
            return " ".join(names).upper() + "\n"


def write(name, word, people):
    path = pathlib.Path("data") / name
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"{word} {len(people)}", *(f"{name} {place} {age}" for name, place, age in people)]
    path.with_suffix(".in").write_text("\n".join(lines) + "\n")
    path.with_suffix(".ans").write_text(answer(word, people))


def village(seed, count):
    source = random.Random(seed)
    syllables = ["ma", "ri", "ta", "lo", "ne", "su", "ka", "el"]
    names = {}
    while len(names) < count:
        names["".join(source.choices(syllables, k=source.randint(2, 5)))] = None
    places = ["hill", "mill", "riverside", "market"]
    return [(name, source.choice(places), source.randint(0, 120)) for name in names]


group = pathlib.Path("data/secret/test_group.yaml")
group.parent.mkdir(parents=True, exist_ok=True)
# 10 + 10 + 20 + 20 + 20 have points of their own; the other two tests share the rest.
group.write_text("max_score: 100\nscore_aggregation: sum\n")
few = [("ada", "mill", 36), ("emil", "hill", 7), ("zora", "mill", 81)]
write("sample/1-count", "count", few)
write("sample/2-json", "json", few)
# A statement had better not show a regular expression.
write("sample/3-letter", "letter", few)
pathlib.Path("data/sample/3-letter.out").write_text("Dear zora,\n")
write("secret/1-count", "count", village(1, 50))
write("secret/2-age", "age", village(2, 49))
write("secret/3-names", "names", village(3, 30))
write("secret/4-json", "json", village(4, 50))
write("secret/5-letter", "letter", village(5, 50))
write("secret/6-table", "table", village(6, 20))
write("secret/7-shout", "shout", village(7, 12))
