"""Writes data/ anew, always the same: python3 generators/generate.py (from the package's root)."""

import math
import pathlib
import random

BILLION = 10**9
MANY = 8_000


def write(name, length, positions, hint=None, description=None):
    path = pathlib.Path("data") / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".in").write_text(f"{len(positions)} {length}\n{' '.join(map(str, positions))}\n")
    ring = sorted(positions)
    gap = max(b - a for a, b in zip(ring, [*ring[1:], ring[0] + length]))
    path.with_suffix(".ans").write_text(f"{gap}\n")
    if hint is not None:
        path.with_suffix(".hint").write_text(f"{hint}\n")
    if description is not None:
        path.with_suffix(".desc").write_text(f"{description}\n")


def illustrate(name, length, positions):
    """The road as a ring, its start at the top."""
    dots = "".join(
        f'  <circle cx="{50 + 40 * math.sin(angle):.1f}" cy="{50 - 40 * math.cos(angle):.1f}" r="4"/>\n'
        for angle in (2 * math.pi * position / length for position in positions)
    )
    (pathlib.Path("data") / name).with_suffix(".svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">\n'
        '  <circle cx="50" cy="50" r="40" fill="none" stroke="black"/>\n' + dots + "</svg>\n"
    )


def among(seed, count, length):
    source = random.Random(seed)
    return [source.randrange(length) for _ in range(count)]


def group(name, **settings):
    path = pathlib.Path("data") / name / "testdata.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{key}: {value}\n" for key, value in settings.items()).replace(": \n", ":\n"))


def limits(count, length, *flags):
    return f"\n  name: limits\n  flags: {' '.join(map(str, [count, length, *flags]))}"


group(
    "",
    on_reject="continue",
    grader_flags="ignore_sample",
    range="0 100",
    input_validator_flags=f"{MANY} {10**12}",
)
group("sample", on_reject="continue", grader_flags="always_accept max", accept_score=0, range="0 0",
      input_validator_flags=limits(100, BILLION))
group("secret", on_reject="continue", grader_flags="accept_if_any_accepted sum", range="0 100",
      input_validator_flags=f"{MANY} {10**12}")
group("secret/1-few", on_reject="break", grader_flags="min", accept_score=20, reject_score=0,
      range="0 20", input_validator_flags=limits(100, BILLION))
group("secret/2-many", on_reject="continue", grader_flags="accept_if_any_accepted sum", range="0 50",
      input_validator_flags=limits(MANY, BILLION))
group("secret/2-many/1-sorted", on_reject="break", grader_flags="min", accept_score=15,
      range="0 15", input_validator_flags=limits(MANY, BILLION, "sorted"))
group("secret/2-many/2-shuffled", on_reject="break", grader_flags="min", accept_score=35,
      range="0 35", input_validator_flags=limits(MANY, BILLION))
group("secret/3-long", on_reject="continue", grader_flags="first_error accept_if_any_accepted avg",
      accept_score=30, range="0 30", input_validator_flags=limits(MANY, 10**12))

write("sample/1", 100, [80, 10, 30, 75])
write("sample/2", 42, [7], hint="The road is a ring: from a single lantern you come back to it.")
write("secret/1-few/1-around", 1_000, [100, 200, 300], hint="Which lantern follows the last one?",
      description="The longest stretch leads over the start of the road.")
illustrate("secret/1-few/1-around", 1_000, [100, 200, 300])
write("secret/1-few/2-shared", 50, [20, 20, 0, 20, 40], description="Lanterns that share a position.")
write("secret/1-few/3-full", 5, [3, 1, 4, 0, 2])
write("secret/1-few/4-random", BILLION, among(4, 100, BILLION))
write("secret/2-many/1-sorted/1-even", MANY * 9, list(range(0, MANY * 9, 9)))
write("secret/2-many/1-sorted/2-random", BILLION, sorted(among(22, MANY, BILLION)))
write("secret/2-many/2-shuffled/1-random", BILLION, among(31, MANY, BILLION))
write("secret/2-many/2-shuffled/2-dense", MANY, among(32, MANY, MANY))
write("secret/3-long/1-one", 10**12, [10**12 - 1], description="The answer needs more than 32 bits.")
write("secret/3-long/2-two", 10**12, [5 * 10**11, 1])
write("secret/3-long/3-near", 10**12, [1_000, 1_002, 10**12 - 1])
write("secret/3-long/4-small", 3_000_000, among(44, 90, 3_000_000), description="Long is only what it may be.")
write("secret/3-long/5-random", 10**12, among(45, 100, 10**12))
