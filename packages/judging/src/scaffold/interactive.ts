import { inputValidator } from "./template.ts";
import type { Template } from "./template.ts";

const outputValidator = `#!/usr/bin/env python3
"""Plays with the submission: stdin is what it writes, stdout what it reads. 42 accepts, 43 rejects."""

import sys

_, input_path, _, feedback = sys.argv[:4]
with open(input_path) as file:
    limit, secret = map(int, file.read().split())


def end(code, message):
    with open(feedback + "judgemessage.txt", "w") as file:
        file.write(message + "\\n")
    sys.exit(code)


def say(text):
    try:
        print(text, flush=True)
    except BrokenPipeError:
        end(43, "the submission ended too early")


say(limit)
for turn in range(1, 21):
    line = sys.stdin.readline()
    try:
        guess = int(line)
    except ValueError:
        end(43, f"expected a guess, got {line[:50]!r}")
    if guess == secret:
        say("correct")
        end(42, f"found after {turn} guesses")
    say("higher" if guess < secret else "lower")
end(43, "20 guesses were not enough")
`;

const python = `limit = int(input())
low, high = 1, limit
while True:
    middle = (low + high) // 2
    print(middle, flush=True)
    answer = input()
    if answer == "correct":
        break
    if answer == "higher":
        low = middle + 1
    else:
        high = middle - 1
`;

const cpp = `#include <iostream>
#include <string>

int main() {
  int limit;
  std::cin >> limit;
  int low = 1, high = limit;
  std::string answer;
  while (answer != "correct") {
    int middle = low + (high - low) / 2;
    std::cout << middle << std::endl;
    if (!(std::cin >> answer)) return 0;
    if (answer == "higher") low = middle + 1;
    if (answer == "lower") high = middle - 1;
  }
}
`;

const oneByOne = `limit = int(input())
for guess in range(1, limit + 1):
    print(guess, flush=True)
    if input() == "correct":
        break
`;

export const interactive: Template = {
  text: {
    story:
      "Guess a number from 1 to a limit. (Tell a story here.) This problem is interactive: flush after each line.",
    input: "First read the limit, from 1 to 1000000. After each guess read `higher`, `lower` or `correct`.",
    outputHeading: "Interaction",
    output: "Print a guess on a line of its own, at most 20 times. After `correct` your program must end.",
  },
  inputValidator: inputValidator(`words = re.fullmatch("([1-9][0-9]*) ([1-9][0-9]*)\\n", sys.stdin.read())
assert words, "one line with the limit and the number is expected"
assert int(words[2]) <= int(words[1]) <= 1000000, "the number is at most the limit, that at most 1000000"`),
  outputValidator,
  data: {
    "secret/01-one.in": "1 1\n",
    "secret/01-one.ans": "",
    "secret/02-middle.in": "1000 500\n",
    "secret/02-middle.ans": "",
    "secret/03-last.in": "1000000 1000000\n",
    "secret/03-last.ans": "",
    "secret/04-odd.in": "1000000 271828\n",
    "secret/04-odd.ans": "",
  },
  modernData: {
    "sample/1.in": "10 7\n",
    "sample/1.ans": "",
    "sample/1.interaction": "<10\n>5\n<higher\n>7\n<correct\n",
    "invalid_input/beyond.in": "10 11\n",
  },
  submissions: {
    "accepted/halving.py": python,
    "accepted/halving.cpp": cpp,
    "wrong_answer/one_by_one.py": oneByOne,
  },
  legacy: {
    scoring: false,
    validation: ["interactive"],
    data: { "sample/1.interaction": "<10\n>5\n<higher\n>7\n<correct\n" },
  },
};
