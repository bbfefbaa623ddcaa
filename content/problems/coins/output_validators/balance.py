"""balance.py input answer feedback/ --most N < coins of the submission > answers to it

Keeps the set of coins that may still be the light one. With a coin of its own in the input it
answers for that coin; otherwise it gives the answer that leaves most coins in question.
"""

import pathlib
import sys

input_path, _, feedback, flag, most = sys.argv[1:6]
assert flag == "--most"
n, light = map(int, open(input_path).read().split())
weighings = 0
while 3**weighings < n:
    weighings += 1


def end(code, message):
    (pathlib.Path(feedback) / "judgemessage.txt").write_text(message + "\n")
    sys.exit(code)


def tell(line):
    try:
        print(line, flush=True)
    except BrokenPipeError:
        pass  # The submission is gone already: whatever it said last decides.


def coins_of(words):
    if not all(word.isascii() and word.isdigit() and len(word) <= 4 for word in words):
        end(43, f"not all coins are numbers: {' '.join(words)[:80]}")
    coins = list(map(int, words))
    if not all(1 <= coin <= n for coin in coins):
        end(43, f"a coin is not between 1 and {n}")
    return coins


assert n <= int(most)
tell(f"{n} {weighings}")
possible = {light} if light else set(range(1, n + 1))
used = 0
while True:
    line = sys.stdin.buffer.readline(65_536)
    words = line.decode("ascii", "replace").split()
    if not line:
        end(43, f"the output ends after {used} weighings without an answer")
    if not line.endswith(b"\n"):
        end(43, "a line is too long or does not end")
    if words[:1] == ["found"]:
        if len(words) != 2:
            end(43, "found needs one coin")
        [coin] = coins_of(words[1:])
        if possible != {coin}:
            end(43, f"said coin {coin}, but it may be {min(possible - {coin})}")
        rest = sys.stdin.buffer.readline(80)
        if rest.strip():
            end(43, f"the output goes on after the answer: {rest!r}")
        end(42, f"found coin {coin} with {used} of {weighings} weighings")
    if words[:1] != ["weigh"] or len(words) < 2 or not words[1].isdigit():
        end(43, f"neither weigh nor found: {line[:80]!r}")
    used += 1
    if used > weighings:
        end(43, f"more than {weighings} weighings")
    coins = coins_of(words[2:])
    half = len(coins) // 2
    if half < 1 or words[1] != str(half) or len(coins) != 2 * half or len(set(coins)) != len(coins):
        end(43, "the pans do not hold as many different coins as the line says")
    left, right = set(coins[:half]), set(coins[half:])
    outcomes = {"left": possible & left, "right": possible & right, "even": possible - left - right}
    answer = max(outcomes, key=lambda word: len(outcomes[word]))
    possible = outcomes[answer]
    tell(answer)
