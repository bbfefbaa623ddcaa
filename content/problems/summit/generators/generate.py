"""Writes data/ anew, always the same: python3 generators/generate.py (from the package's root)."""

import json
import pathlib

BILLION = 10**9


def altitude(post, summit, seed):
    """As output_validator/hikers/trail.cpp has it."""
    word = (1 << 64) - 1
    noise = (seed + 0x9E3779B97F4A7C15 * post) & word
    noise = ((noise ^ (noise >> 30)) * 0xBF58476D1CE4E5B9) & word
    noise ^= noise >> 27
    away = abs(post - summit)
    return 10**18 - away * 200_000_000 - (noise % 200_000_000 if away else 0)


def talk(posts, summit, seed, visits):
    lines = [f"<{posts}"]
    for post in visits:
        lines += [f">? {post}", f"<{altitude(post, summit, seed)}"]
    return [*lines, f">! {summit}"]


def write(name, posts, summit, seed, interaction=None):
    path = pathlib.Path("data") / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".in").write_text(f"{posts} {summit} {seed}\n")
    path.with_suffix(".ans").write_text(f"{summit}\n")
    if interaction is not None:
        path.with_suffix(".interaction").write_text("\n".join(interaction) + "\n")


def group(name, **settings):
    path = pathlib.Path("data") / name / "test_group.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    # Values of JSON are values of YAML.
    path.write_text("".join(f"{key}: {json.dumps(value)}\n" for key, value in settings.items()))


group("sample", input_validator_args=["10"])
group("secret", max_score=100, score_aggregation="sum")
group("secret/1-walk", max_score=30, score_aggregation="min", input_validator_args=["500"])
group(
    "secret/2-climb",
    max_score=70,
    score_aggregation="min",
    input_validator_args={"trail": [str(BILLION)]},
    output_validator_args=["--par", "62"],
)

write("sample/1", 5, 4, 1, talk(5, 4, 1, [3, 4, 5]))
write("secret/1-walk/1-single", 1, 1, 11)
write("secret/1-walk/2-up", 500, 500, 12)
write("secret/1-walk/3-down", 500, 1, 13)
write("secret/1-walk/4-middle", 377, 200, 14)
write("secret/2-climb/1-middle", BILLION, 499_999_999, 21)
write("secret/2-climb/2-first", BILLION, 1, 22)
write("secret/2-climb/3-last", BILLION, BILLION, 23)
write("secret/2-climb/4-third", 999_999_937, 333_444_555, 24)
