"""Writes data/ anew, always the same: python3 generators/generate.py (from the package's root)."""

import json
import pathlib
import random

BILLION = 10**9


def cheapest(capacity, prices):
    # Each day's skin comes from the cheapest of the last oases from which it can be carried.
    return sum(min(prices[max(0, day - capacity + 1) : day + 1]) for day in range(len(prices)))


def write(name, capacity, prices, **settings):
    path = pathlib.Path("data") / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".in").write_text(f"{len(prices)} {capacity}\n{' '.join(map(str, prices))}\n")
    path.with_suffix(".ans").write_text(f"{cheapest(capacity, prices)}\n")
    if settings:
        path.with_suffix(".yaml").write_text(lines(settings))


def group(name, **settings):
    path = pathlib.Path("data") / name / "test_group.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(lines(settings))


def lines(settings):
    return "".join(f"{key}: {json.dumps(value)}\n" for key, value in settings.items())


def among(seed, count, high=BILLION):
    source = random.Random(seed)
    return [source.randint(0, high) for _ in range(count)]


group("sample", input_validator_args=["--most", "100"])
group("secret", max_score=100, score_aggregation="sum", require_pass="sample")
group("secret/1-equal", max_score=15, score_aggregation="pass-fail",
      input_validator_args={"caravan": ["--most", "100", "--equal"]})
group("secret/2-small", max_score=30, score_aggregation="sum", input_validator_args=["--most", "100"],
      full_feedback=True)
group("secret/3-large", max_score=40, score_aggregation="min", require_pass="secret/1-equal",
      input_validator_args=["--most", "8000"])
group("secret/4-ordered", max_score=15, require_pass=["sample", "secret/1-equal"],
      input_validator_args=["--most", "8000", "--ordered"])

write("sample/1", 2, [3, 9, 5, 7])
write("sample/2", 4, [5, 5, 5, 5])
write("secret/1-equal/1-one", 1, [7])
write("secret/1-equal/2-some", 3, [4] * 20)
write("secret/1-equal/3-free", 100, [0] * 100)
write("secret/2-small/1-fall", 5, list(range(50, 0, -1)), hint="Buy no more than you need until it gets cheaper.")
write("secret/2-small/2-rise", 5, list(range(1, 51)))
write("secret/2-small/3-one-skin", 1, among(23, 30, 9))
write("secret/2-small/4-random", 10, among(24, 100, 1_000))
write("secret/2-small/5-dear", 2, among(25, 100), description="Sums need more than 32 bits.")
write("secret/3-large/1-random", 3_000, among(31, 8_000))
write("secret/3-large/2-narrow", 7, among(32, 8_000))
write("secret/3-large/3-fall", 8_000, list(range(BILLION, BILLION - 8_000, -1)))
write("secret/4-ordered/1-rise", 8_000, sorted(among(41, 8_000)))
write("secret/4-ordered/2-steps", 10, sorted(among(42, 8_000, 20)))
