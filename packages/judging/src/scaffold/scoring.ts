import { passFail, sums } from "./pass-fail.ts";
import type { Template } from "./template.ts";

const tests = (prefix: (group: string) => string): Readonly<Record<string, string>> => ({
  [`${prefix("small")}/01.in`]: "1\n-7\n",
  [`${prefix("small")}/01.ans`]: "-7\n",
  [`${prefix("small")}/02.in`]: "4\n1000 -1 0 1\n",
  [`${prefix("small")}/02.ans`]: "1000\n",
  [`${prefix("large")}/01.in`]: "3\n1000000000 1000000000 1000000000\n",
  [`${prefix("large")}/01.ans`]: "3000000000\n",
});

const groups = tests((group) => (group === "small" ? "secret/1-small" : "secret/2-large"));

export const scoring: Template = {
  text: {
    ...passFail.text,
    output:
      "Print the sum of the numbers. In the first group, worth 40 points, the sum is at most 1000000 either way; the second group is worth 60.",
  },
  inputValidator: sums.inputValidator,
  outputValidator: null,
  data: { "sample/1.in": "3\n1 2 3\n", "sample/1.ans": "6\n", ...groups },
  modernData: {
    "invalid_input/too-few.in": "3\n1 2\n",
    "secret/test_group.yaml": "max_score: 100\nscore_aggregation: sum\n",
    "secret/1-small/test_group.yaml": "max_score: 40\nscore_aggregation: pass-fail\n",
    "secret/2-large/test_group.yaml":
      "max_score: 60\nscore_aggregation: pass-fail\nrequire_pass: [secret/1-small]\n",
  },
  submissions: {
    "accepted/sum.py": sums.python,
    "accepted/sum.cpp": sums.cpp,
    "wrong_answer/overflow.cpp": sums.overflowing,
  },
  legacy: {
    scoring: true,
    validation: [],
    data: {
      "testdata.yaml": "grading: default\ngrader_flags: ignore_sample\non_reject: continue\n",
      "sample/testdata.yaml": "accept_score: 0\n",
      "secret/testdata.yaml": "grader_flags: sum\non_reject: continue\nrange: 0 100\n",
      "secret/1-small/testdata.yaml": "on_reject: break\naccept_score: 40\nrange: 0 40\ngrader_flags: min\n",
      "secret/2-large/testdata.yaml": "on_reject: break\naccept_score: 60\nrange: 0 60\ngrader_flags: min\n",
    },
  },
};
