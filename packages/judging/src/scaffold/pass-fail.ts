import { inputValidator } from "./template.ts";
import type { Template } from "./template.ts";

/** The sum of numbers: what most first problems look like. */
export const sums = {
  inputValidator: inputValidator(`lines = sys.stdin.read().split("\\n")
assert len(lines) == 3 and lines[2] == "", "two lines are expected"
assert re.fullmatch("[1-9][0-9]*", lines[0]), "the first line is one integer"
count = int(lines[0])
assert count <= 100000, "n is at most 100000"
assert re.fullmatch("(0|-?[1-9][0-9]*)( (0|-?[1-9][0-9]*))*", lines[1]), "the second line is integers"
numbers = [int(word) for word in lines[1].split(" ")]
assert len(numbers) == count, "the second line holds n integers"
assert all(abs(number) <= 10**9 for number in numbers), "integers are at most 10^9"`),
  python: `input()
print(sum(map(int, input().split())))
`,
  cpp: `#include <iostream>

int main() {
  int n;
  std::cin >> n;
  long long sum = 0;
  for (int i = 0; i < n; i++) {
    long long number;
    std::cin >> number;
    sum += number;
  }
  std::cout << sum << "\\n";
}
`,
  /** Right while the sum is small. */
  overflowing: `#include <iostream>

int main() {
  int n;
  std::cin >> n;
  int sum = 0;
  for (int i = 0; i < n; i++) {
    int number;
    std::cin >> number;
    sum = static_cast<int>(static_cast<unsigned>(sum) + static_cast<unsigned>(number));
  }
  std::cout << sum << "\\n";
}
`,
} as const;

export const passFail: Template = {
  text: {
    story: "Add up numbers. (Tell a story here.)",
    input:
      "The first line holds an integer n, from 1 to 100000. The second line holds n integers, each from -1000000000 to 1000000000.",
    outputHeading: "Output",
    output: "Print the sum of the numbers.",
  },
  inputValidator: sums.inputValidator,
  outputValidator: null,
  data: {
    "sample/1.in": "3\n1 2 3\n",
    "sample/1.ans": "6\n",
    "secret/01-one.in": "1\n-7\n",
    "secret/01-one.ans": "-7\n",
    "secret/02-mixed.in": "4\n1000 -1 0 1\n",
    "secret/02-mixed.ans": "1000\n",
    "secret/03-large.in": "3\n1000000000 1000000000 1000000000\n",
    "secret/03-large.ans": "3000000000\n",
  },
  modernData: { "invalid_input/too-few.in": "3\n1 2\n", "invalid_input/no-newline.in": "1\n7" },
  submissions: {
    "accepted/sum.py": sums.python,
    "accepted/sum.cpp": sums.cpp,
    "wrong_answer/overflow.cpp": sums.overflowing,
    "run_time_error/empty.py": "raise SystemExit(3)\n",
  },
  legacy: { scoring: false, validation: [], data: {} },
};
