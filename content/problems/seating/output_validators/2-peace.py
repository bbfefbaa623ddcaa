"""2-peace.py input answer feedback/ LEFT RIGHT < output: does nobody sit with whom they must not?

Runs beside 1-form, which sees to the form of the output; what has no form is no peace either.
"""

import sys

input_path, answer_path, feedback, left, right = sys.argv[1:6]
lines = open(input_path).read().splitlines()
n, m = map(int, lines[0].split())
word = sys.stdin.buffer.read(1 << 16).decode("ascii", "replace").split()[:1]
if word == [] or len(word[0]) != n:
    sys.exit(43)
[seats] = word
for line in lines[1:]:
    a, b = map(int, line.split())
    if seats[a - 1] == seats[b - 1]:
        with open(feedback + "judgemessage.txt", "w") as message:
            print(f"guests {a} and {b} sit together at {seats[a - 1]}", file=message)
        with open(feedback + "teammessage.txt", "w") as message:
            print("Two guests who must not do so sit together.", file=message)
        sys.exit(43)
sys.exit(42)
