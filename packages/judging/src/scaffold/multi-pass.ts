import { inputValidator } from "./template.ts";
import type { Template } from "./template.ts";

const outputValidator = `#!/usr/bin/env python3
"""Runs a submission twice: what it wrote in the first pass is its input in the second."""

import os
import re
import sys

_, _, answer_path, feedback = sys.argv[:4]
with open(answer_path) as file:
    word = file.read().strip()
output = sys.stdin.read().split()
state = feedback + "second-pass"


def end(code, message):
    with open(feedback + "judgemessage.txt", "a") as file:
        file.write(message + "\\n")
    sys.exit(code)


if os.path.exists(state):
    end(42 if output == [word] else 43, f"second pass: expected {word}")
if len(output) != 1 or not re.fullmatch("[01]{1,200}", output[0]):
    end(43, "first pass: expected one word of 0 and 1, at most 200 long")
open(state, "w").close()
with open(feedback + "nextpass.in", "w") as file:
    file.write(f"decode\\n{output[0]}\\n")
end(42, f"first pass: {len(output[0])} digits")
`;

const python = `task, word = input(), input()
if task == "encode":
    print("".join(f"{ord(letter) - 97:05b}" for letter in word))
else:
    print("".join(chr(97 + int(word[at : at + 5], 2)) for at in range(0, len(word), 5)))
`;

const cpp = `#include <iostream>
#include <string>

int main() {
  std::string task, word, result;
  std::cin >> task >> word;
  if (task == "encode") {
    for (char letter : word)
      for (int bit = 4; bit >= 0; bit--) result += ((letter - 'a') >> bit & 1) ? '1' : '0';
  } else {
    for (std::size_t at = 0; at + 5 <= word.size(); at += 5)
      result += static_cast<char>('a' + std::stoi(word.substr(at, 5), nullptr, 2));
  }
  std::cout << result << "\\n";
}
`;

const forgetful = `task, word = input(), input()
print("01" if task == "encode" else "a")
`;

export const multiPass: Template = {
  text: {
    story:
      "Turn a word into zeros and ones, and back. (Tell a story here.) Your program runs twice; the second run sees only what the first one wrote.",
    input:
      "The first line holds `encode` or `decode`. The second line holds a word of 1 to 40 letters a to z, or what your program made of one.",
    outputHeading: "Output",
    output:
      "For `encode` print a word of at most 200 zeros and ones, for `decode` the word that it was made of.",
  },
  inputValidator: inputValidator(
    `assert re.fullmatch("encode\\n[a-z]{1,40}\\n", sys.stdin.read()), "encode and a word are expected"`,
  ),
  outputValidator,
  data: {
    "sample/1.in": "encode\nhello\n",
    "sample/1.ans": "hello\n",
    "secret/01-short.in": "encode\na\n",
    "secret/01-short.ans": "a\n",
    "secret/02-alphabet.in": "encode\nabcdefghijklmnopqrstuvwxyz\n",
    "secret/02-alphabet.ans": "abcdefghijklmnopqrstuvwxyz\n",
    "secret/03-long.in": `encode\n${"z".repeat(40)}\n`,
    "secret/03-long.ans": `${"z".repeat(40)}\n`,
  },
  modernData: { "invalid_input/upper.in": "encode\nHello\n" },
  submissions: {
    "accepted/bits.py": python,
    "accepted/bits.cpp": cpp,
    "wrong_answer/forgetful.py": forgetful,
  },
  legacy: { scoring: false, validation: ["multi-pass"], data: {} },
};
