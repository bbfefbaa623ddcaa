"""watered.py input answer feedback/ < output: writes how many sprinklers could have been saved."""

import bisect
import pathlib
import re
import sys

input_path, answer_path, feedback = sys.argv[1:4]


def say(name, text):
    (pathlib.Path(feedback) / name).write_text(text + "\n")


def reject(for_judges, for_team):
    say("judgemessage.txt", for_judges)
    say("teammessage.txt", for_team)
    sys.exit(43)


first, second = open(input_path).read().splitlines()
n, reach = map(int, first.split())
trees = list(map(int, second.split()))
fewest = int(open(answer_path).read().split()[0])

words = sys.stdin.buffer.read(1 << 20).split()
if not all(re.fullmatch(rb"-?[0-9]{1,12}", word) for word in words):
    reject("a word is not a whole number", "Print whole numbers only.")
numbers = list(map(int, words))
if not numbers or not 1 <= numbers[0] <= n or len(numbers) != numbers[0] + 1:
    reject(f"{len(numbers)} numbers, the first of which is {numbers[:1]}", "Print k and then k positions.")

sprinklers = sorted(numbers[1:])
for tree in trees:
    at = bisect.bisect_left(sprinklers, tree - reach)
    if at == len(sprinklers) or sprinklers[at] > tree + reach:
        reject(f"the tree at {tree} stays dry", "A tree stays dry.")

spare = len(sprinklers) - fewest
if spare < 0:
    # The answer file was wrong: no exit code of a verdict.
    sys.exit(f"{len(sprinklers)} sprinklers do, but the answer file says {fewest}")
say("judgemessage.txt", f"{len(sprinklers)} sprinklers, {fewest} are enough")
say("score.txt", str(spare))
sys.exit(42)
