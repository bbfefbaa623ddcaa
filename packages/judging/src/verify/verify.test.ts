import { sandboxOrSkip } from "@assay/testing";
import { afterAll, describe, expect, test } from "vitest";
import { doubling, line, verify } from "./verify.fixture.ts";

const box = await sandboxOrSkip({ slots: 2 });
afterAll(() => box[Symbol.asyncDispose]());

describe.skipIf(box.skip !== null)(`verifying a package ${box.skip ?? ""}`, () => {
  test("that is sound: accepted, with every submission and the progress told", async () => {
    const result = await verify(box.get());
    expect(result.findings.map(line)).toEqual([]);
    expect(result).toMatchObject({
      accepted: true,
      timeLimit: { ms: 500, source: "stated" },
      evidence: { text: "sound: 4 submissions judged, 0 warnings" },
    });
    expect(result.submissions.map(({ path, verdict, kept }) => [path, verdict, kept])).toEqual([
      ["submissions/accepted/double.sh", "AC", true],
      ["submissions/run_time_error/exit.sh", "RTE", true],
      ["submissions/time_limit_exceeded/loop.sh", "TLE", true],
      ["submissions/wrong_answer/add.sh", "WA", true],
    ]);
    const last = result.events.at(-1);
    expect(last).toMatchObject({ type: "progress", check: "submissions" });
    expect(last?.type === "progress" && last.done === last.total).toBe(true);
  });

  test("without a time limit: measured by the rule of its generation", async () => {
    const yaml = doubling["problem.yaml"]?.replace("  time_limit: 0.5\n", "  time_resolution: 0.25\n") ?? "";
    const result = await verify(box.get(), { "problem.yaml": yaml });
    expect(result.errors.map(line)).toEqual([]);
    expect(result.timeLimit?.source).toBe("measured");
    // A multiple of the resolution, and twice as much as the slowest took.
    expect((result.timeLimit?.ms ?? 1) % 250).toBe(0);
    expect(result.timeLimit?.ms).toBeGreaterThanOrEqual(
      2 * (result.timeLimit?.slowestAcceptedMs ?? Infinity),
    );
    expect(result.submissions.every(({ kept }) => kept)).toBe(true);
  });

  test("whose format is broken: every finding of the parser, and nothing is run", async () => {
    const result = await verify(box.get(), {
      "problem.yaml": `${doubling["problem.yaml"] ?? ""}colour: red\n`,
      "data/secret/1.ans": null,
    });
    expect(result).toMatchObject({ accepted: false, submissions: [], timeLimit: null });
    expect(result.errors.map(line)).toEqual([
      expect.stringMatching(/^problem.yaml:\d+: unknown key "colour"/),
      "data/secret/1.ans: is missing beside 1.in",
    ]);
  });
});

/** What is changed in the sound package, and the first thing that must be said of it. */
const broken: [string, Readonly<Record<string, string | null>>, RegExp][] = [
  [
    "a submission that lies",
    { "submissions/accepted/lie.sh": "echo 2\n" },
    /^submissions\/accepted\/lie.sh: test secret\/1 gets WA, but only AC is permitted \(rejected by the output validator: expected 8\)$/,
  ],
  [
    "a wrong answer that is right",
    { "submissions/wrong_answer/add.sh": doubling["submissions/accepted/double.sh"] ?? "" },
    /^submissions\/wrong_answer\/add.sh: no test gets WA; the tests get AC$/,
  ],
  [
    "a slow one that is fast",
    { "submissions/time_limit_exceeded/loop.sh": doubling["submissions/accepted/double.sh"] ?? "" },
    /loop.sh: no test gets TLE/,
  ],
  [
    "a submission that does not compile",
    { "submissions/accepted/broken.sh": "if\n" },
    /^submissions\/accepted\/broken.sh: the compiler gave up/,
  ],
  [
    "a promise for one test",
    { "submissions/submissions.yaml": "wrong_answer/*: {secret/2: {permitted: [AC]}}\n" },
    /^submissions\/wrong_answer\/add.sh: in secret\/2: test secret\/2 gets WA, but only AC/,
  ],
  [
    "a message that nobody says",
    { "submissions/submissions.yaml": "wrong_answer/*: {message: 'expected 7'}\n" },
    /add.sh: no judge message contains "expected 7"/,
  ],
  [
    "no accepted submission",
    { "submissions/accepted/double.sh": null },
    /^submissions\/accepted: holds no submission: nothing shows/,
  ],
  [
    "an input that its validator refuses",
    { "data/secret/2.in": "50 1\n" },
    /^data\/secret\/2.in: input_validators\/validate does not accept this input: exit code 43$/,
  ],
  [
    "an invalid input that is valid",
    { "data/invalid_input/word.in": "4\n" },
    /^data\/invalid_input\/word.in: no input validator refuses this invalid input$/,
  ],
  [
    "an input validator that ends with 0",
    { "input_validators/validate/run": "#!/bin/sh\nexit 0\n" },
    /^data\/.*: input_validators\/validate does not accept this input: exit code 0; to accept, a validator must exit with 42$/,
  ],
  [
    "an input validator that crashes",
    { "input_validators/validate/run": "#!/bin/sh\nkill -SEGV $$\n" },
    /input_validators\/validate is broken: killed by SIGSEGV/,
  ],
  [
    "an input validator that loops",
    { "input_validators/validate/run": "#!/bin/sh\nwhile :; do :; done\n" },
    /input_validators\/validate is broken: stopped at the (?:CPU|wall) limit of [12] s/,
  ],
  [
    "an input validator that floods",
    {
      "input_validators/validate/run":
        "#!/bin/sh\nwhile :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done\n",
    },
    /input_validators\/validate is broken: .*output limit of 1 MiB/,
  ],
  [
    "an input validator that does not build",
    { "input_validators/validate/build": "#!/bin/sh\necho 'no compiler' >&2\nexit 1\n" },
    /^input_validators\/validate: input_validators\/validate does not compile: no compiler$/,
  ],
  [
    "an output validator that crashes",
    { "output_validator/run": "#!/bin/sh\nkill -SEGV $$\n" },
    /^data\/.*.ans: the validator output_validator is broken: killed by SIGSEGV/,
  ],
  [
    "an output validator that loops",
    { "output_validator/run": "#!/bin/sh\nwhile :; do :; done\n" },
    /the validator output_validator is broken: stopped at the (?:CPU|wall) limit of [12] s/,
  ],
  [
    "an output validator that ends with 0",
    { "output_validator/run": "#!/bin/sh\nexit 0\n" },
    /is broken: exit code 0, which is neither 42 \(accepted\) nor 43 \(rejected\)/,
  ],
  [
    "an output validator that ends with 1, and why",
    { "output_validator/run": "#!/bin/sh\necho 'no such case' >&2\nexit 1\n" },
    /exit code 1; last line of stderr: "no such case"/,
  ],
  [
    "an output validator that floods",
    { "output_validator/run": "#!/bin/sh\nwhile :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done\n" },
    /the validator output_validator .*output limit of 1 MiB/,
  ],
  [
    "an output validator that rejects the sample's answer",
    {
      "data/sample/1.ans": "2 2\n",
      "output_validator/run": '#!/bin/sh\nread -r n\n[ "$n" = 2 ] && exit 42\nexit 43\n',
    },
    /^data\/sample\/1.ans: this answer is rejected as an output: rejected by the output validator/,
  ],
  [
    "an invalid output that is accepted",
    {
      "data/invalid_output/1.in": "1\n",
      "data/invalid_output/1.ans": "2\n",
      "data/invalid_output/1.out": "2\n",
    },
    /^data\/invalid_output\/1.out: this invalid output is accepted$/,
  ],
  [
    "a valid output that is rejected",
    {
      "data/valid_output/1.in": "1\n",
      "data/valid_output/1.ans": "2\n",
      "data/valid_output/1.out": "3\n",
    },
    /^data\/valid_output\/1.out: this valid output is rejected: .*expected 2/,
  ],
  [
    "a statement that shows samples which are not there",
    { "statement/problem.en.md": "{{nextsample}} {{nextsample}}\n" },
    /^statement\/problem.en.md: shows 2 samples one by one, but there are 1$/,
  ],
  [
    "no time limit that fits",
    {
      "problem.yaml":
        doubling["problem.yaml"]?.replace("  time_limit: 0.5\n", "  time_resolution: 2\n") ?? "",
      "submissions/time_limit_exceeded/loop.sh":
        "read -r n; i=0; while [ $i -lt 100 ]; do i=$((i + 1)); done; echo $((2 * n))\n",
    },
    /^problem.yaml: no multiple of 2 s is a time limit/,
  ],
];

describe.skipIf(box.skip !== null)(`a broken package is refused ${box.skip ?? ""}`, () => {
  test.each(broken)("%s", async (_, changes, sentence) => {
    const result = await verify(box.get(), changes);
    expect(result.accepted).toBe(false);
    expect(result.errors.map(line)).toContainEqual(expect.stringMatching(sentence));
  });
});

const doubtful: [string, Readonly<Record<string, string | null>>, RegExp][] = [
  [
    "an input validator that takes rubbish",
    { "input_validators/validate/run": '#!/bin/sh\nread -r n\n[ "$n" = four ] && exit 43\nexit 42\n' },
    /^input_validators: input_validators\/validate would accept an empty file as an input$/,
  ],
  [
    "an output validator that takes rubbish",
    { "output_validator/run": '#!/bin/sh\nread -r n; [ "$n" = "$(cat "$2")" ] && exit 42; exit 43\n' },
    /^output_validator: would accept an answer with a line of rubbish behind it for secret\/1$/,
  ],
  [
    "an output validator that writes elsewhere",
    {
      "output_validator/run":
        doubling["output_validator/run"]?.replace(
          "read -r n ||",
          ": >/tmp/notes; : >/w/more; read -r n ||",
        ) ?? "",
    },
    /^output_validator: writes outside of its feedback directory: "more", "\/tmp\/notes"$/,
  ],
  [
    "the same input twice",
    { "data/secret/3.in": "4\n", "data/secret/3.ans": "8\n" },
    /^data\/secret\/3.in: gives a program the same as data\/secret\/1.in$/,
  ],
  [
    "a limit that is too near",
    {
      "problem.yaml":
        doubling["problem.yaml"]?.replace(
          "  time_limit: 0.5\n",
          "  time_limit: 0.5\n  time_multipliers: {ac_to_time_limit: 1000000}\n",
        ) ?? "",
    },
    /^problem.yaml: the time limit of 0.5 s is less than 1000000 times/,
  ],
  [
    "Windows line ends",
    { "data/secret/2.ans": "100\r\n", "output_validator/run": null },
    /2.ans: has Windows line ends/,
  ],
  [
    "a missing line end",
    { "data/secret/2.ans": "100", "output_validator/run": null },
    /2.ans: does not end with a line end/,
  ],
  [
    "a language that is not here",
    { "submissions/accepted/double.c": "" },
    /^submissions\/accepted\/double.c: is not judged: this machine can't run c$/,
  ],
  [
    "no input validator",
    { "input_validators/validate/run": null },
    /^input_validators: holds no input validator/,
  ],
];

describe.skipIf(box.skip !== null)(`a doubtful package is warned of ${box.skip ?? ""}`, () => {
  test.each(doubtful)("%s", async (_, changes, sentence) => {
    const result = await verify(box.get(), changes);
    expect(result.errors.map(line)).toEqual([]);
    expect(result.warnings.map(line)).toContainEqual(expect.stringMatching(sentence));
  });
});
