"""Compares lines as an output validator: validate input answer feedback_dir/ mode < output.

rstripped: lines equal but for white space at their ends and empty lines at the end of the file
unordered: the same words on each line, in any order
linecount: a share of the points for each line that is right
"""

import sys


def lines_of(data):
    lines = [line.rstrip() for line in data.split(b"\n")]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def main():
    _, _, answer_path, feedback, mode = sys.argv
    with open(answer_path, "rb") as file:
        answer = lines_of(file.read())
    output = lines_of(sys.stdin.buffer.read())
    if mode == "unordered":
        answer = [sorted(line.split()) for line in answer if line]
        output = [sorted(line.split()) for line in output if line]
    if output == answer:
        return 42
    right = sum(one == other for one, other in zip(output, answer))
    with open(feedback + "judgemessage.txt", "w") as file:
        file.write(f"{right} of {len(answer)} lines are right, {len(output)} were written\n")
    if mode != "linecount" or right == 0 or not answer:
        return 43
    with open(feedback + "score_multiplier.txt", "w") as file:
        file.write(f"{min(1.0, right / max(len(answer), len(output)))}\n")
    return 42


sys.exit(main())
