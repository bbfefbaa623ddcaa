import { passFail, sums } from "./pass-fail.ts";
import type { Template } from "./template.ts";

export const submitAnswer: Template = {
  text: {
    ...passFail.text,
    story:
      "Add up numbers. (Tell a story here.) Submit the answers themselves: one file for each test, named like its input with `.out`.",
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
  },
  modernData: { "invalid_input/too-few.in": "3\n1 2\n" },
  submissions: {
    "accepted/answers/1.out": "6\n",
    "accepted/answers/01-one.out": "-7\n",
    "accepted/answers/02-mixed.out": "1000\n",
    "wrong_answer/answers/1.out": "6\n",
    "wrong_answer/answers/01-one.out": "7\n",
    "wrong_answer/answers/02-mixed.out": "1000\n",
  },
  legacy: null,
};
