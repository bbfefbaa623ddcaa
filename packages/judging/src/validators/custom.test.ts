import { sandboxOrSkip } from "@assay/testing";
import { afterAll, describe, expect, test } from "vitest";
import { judgeOne } from "../judge-test.fixture.ts";
import type { JudgeOptions, Place, ProblemFixture } from "../judge-test.fixture.ts";
import type { JudgedTest } from "../judged-test.ts";
import { shell } from "../shell.fixture.ts";

const box = await sandboxOrSkip({ slots: 2 });
afterAll(() => box[Symbol.asyncDispose]());

const place = (): Place => {
  const { sandbox, image } = box.get();
  return { sandbox, tools: { language: shell, image } };
};

/** Judges a submission that writes "hello" with this validator. */
const judge = (
  validator: string,
  fixture: ProblemFixture = {},
  options: JudgeOptions = {},
): Promise<JudgedTest> =>
  judgeOne(place(), { validators: [validator], ...fixture }, "cat >/dev/null; echo hello", options);

const says = (word: string, code: number): string => `echo ${word} >$3judgemessage.txt; exit ${code}`;

const all = (...codes: number[]): Promise<JudgedTest> =>
  judge("", { validators: codes.map((code, index) => says(`v${index}`, code)) });

const scoring = { type: { scoring: true } };
const modern = { formatVersion: "2025-09" } as const;

describe.skipIf(box.skip !== null)(`what a validator says ${box.skip ?? ""}`, () => {
  test.each<[string, string, string, RegExp]>([
    ["42", "exit 42", "AC", /^accepted$/],
    ["43", "exit 43", "WA", /^rejected by the output validator$/],
    ["0", "exit 0", "JE", /v0 is broken: exit code 0, which is neither 42 .* nor 43/],
    [
      "1, and why",
      "echo 'division by zero' >&2; exit 1",
      "JE",
      /exit code 1; last line of stderr: "division by zero", which/,
    ],
    ["a signal", "kill -SEGV $$", "JE", /is broken: killed by SIGSEGV$/],
    ["nothing, for it loops", "while :; do :; done", "JE", /stopped at the CPU limit of 1 s/],
    [
      "42 after its memory was gone",
      "x=$(head -c 100000000 /dev/zero | tr '\\0' x); exit 42",
      "JE",
      /memory limit/,
    ],
    [
      "a flood",
      "while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done",
      "JE",
      /output limit of 1 MiB/,
    ],
    ["a flood of errors", "head -c 3000000 /dev/zero >&2; exit 42", "JE", /output limit of 1 MiB/],
    [
      "too much in files",
      "head -c 900000 /dev/zero >a; head -c 900000 /dev/zero >b; exit 42",
      "JE",
      /wrote 1[78]\d{5} bytes, more than its output limit of 1048576/,
    ],
  ])("%s", async (_, validator, verdict, text) => {
    const { result } = await judge(validator);
    expect(result).toMatchObject({
      verdict,
      fault: verdict === "JE" ? "author" : verdict === "AC" ? null : "submitter",
    });
    expect(result.evidence.text).toMatch(text);
    expect(result.evidence.outcome).not.toBeNull();
  });

  test("of what it is given: input, answer, output, a directory that ends with a slash, arguments", async () => {
    const validator = `
      case $3 in */) ;; *) exit 1;; esac
      echo "$(cat $1) $(cat $2) $(cat) $4 $5 $#" >$3judgemessage.txt; exit 43`;
    const { result } = await judge(validator, { test: { validatorArgs: ["a b", "c"] } });
    expect(result.judgeMessage).toBe("secret-input secret-answer hello a b c 5");
  });

  test("nothing, for it waits", async () => {
    const { result } = await judge("sleep 60", { validation: { wallMs: 1000 } });
    expect(result.verdict).toBe("JE");
    expect(result.evidence.text).toMatch(/is broken: waited: stopped at the wall limit of 1 s/);
  });

  test("only when the submission ended well", async () => {
    const fixture = { validators: ["exit 42"] };
    const { result } = await judgeOne(place(), fixture, "cat >/dev/null; exit 3");
    expect(result).toMatchObject({ verdict: "RTE", judgeMessage: null });
  });

  test("together: all must accept, and the first that does not decides", async () => {
    expect((await all(42, 42)).result).toMatchObject({ verdict: "AC", judgeMessage: "v0\nv1" });
    expect((await all(42, 43, 1)).result).toMatchObject({ verdict: "WA", judgeMessage: "v0\nv1" });
    expect((await all(42, 1, 43)).result).toMatchObject({ verdict: "JE", judgeMessage: "v0\nv1" });
  });
});

describe.skipIf(box.skip !== null)(`messages ${box.skip ?? ""}`, () => {
  const both =
    "echo for judges >$3judgemessage.txt; echo for teams >$3teammessage.txt; echo noise >&2; exit 43";

  test("go to whom they are for", async () => {
    const shown = await judge(both);
    expect(shown.result).toMatchObject({ judgeMessage: "for judges", teamMessage: "for teams" });
    expect(shown.result.evidence.text).toBe("rejected by the output validator: for judges");
    const hidden = await judge(both, {}, { revealAnswers: false });
    expect(hidden.result).toMatchObject({ judgeMessage: null, teamMessage: "for teams" });
    expect(hidden.result.evidence.text).toBe("rejected by the output validator: for teams");
    const open = await judge(both, { test: { fullFeedback: true } }, { revealAnswers: false });
    expect(open.result).toMatchObject({ judgeMessage: "for judges" });
  });

  test("and stderr of a broken validator is for the author only", async () => {
    const { result } = await judge("cat $2 >&2; exit 1", {}, { revealAnswers: false });
    expect(result.evidence.text).toMatch(/exit code 1, which/);
    expect(JSON.stringify(result)).not.toContain("secret-answer");
  });

  test("are cut, and hold nothing that a terminal or page would obey", async () => {
    const long = await judge("head -c 100000 /dev/zero | tr '\\0' x >$3judgemessage.txt; exit 43");
    expect(long.result.judgeMessage).toMatch(/^x{4096}…\n\(cut; the message has 100000 bytes\)$/);
    const wild = await judge(`printf '\\033[2Jred\\tone\\nb\\0\\377\\n' >$3teammessage.txt; exit 43`);
    expect(wild.result.teamMessage).toBe("\\u{1b}[2Jred\tone\nb\ufffd\ufffd");
  });

  test("mention images, which are not kept", async () => {
    const { result } = await judge("echo png >$3judgeimage.png; exit 42");
    expect(result.judgeMessage).toBe("(not kept: judgeimage.png (4 bytes))");
  });
});

describe.skipIf(box.skip !== null)(`scores ${box.skip ?? ""}`, () => {
  test.each<[string, Partial<JudgedTest>]>([
    ["echo 12.5 >$3score.txt; exit 42", { score: 12.5, multiplier: null }],
    ["printf .5 >$3score_multiplier.txt; exit 42", { score: null, multiplier: 0.5 }],
    ["exit 42", { score: null, multiplier: null }],
  ])("%s", async (validator, expected) => {
    expect(await judge(validator, { ...scoring, ...modern })).toMatchObject(expected);
  });

  test.each<[string, RegExp]>([
    ["echo 1 >$3score.txt; echo 1 >$3score_multiplier.txt; exit 42", /wrote both score.txt and/],
    ["echo 1 >$3score.txt; exit 43", /wrote score.txt and yet ended with 43/],
    ["echo 1 >$3score_multiplier.txt; exit 43", /wrote score_multiplier.txt and yet/],
    ["echo -1 >$3score.txt; exit 42", /score.txt holds -1, below 0/],
    ["echo 1.5 >$3score_multiplier.txt; exit 42", /holds 1.5, which is not from 0 to 1/],
    ["echo 0x10 >$3score.txt; exit 42", /score.txt holds "0x10" instead of one number/],
    ["echo nan >$3score.txt; exit 42", /score.txt holds "nan" instead/],
    ["echo 1e999 >$3score.txt; exit 42", /score.txt holds 1e999, which is too large/],
    ["echo 1 2 >$3score.txt; exit 42", /holds "1 2" instead/],
    [": >$3score.txt; exit 42", /holds "" instead/],
    ["head -c 100000 /dev/zero >$3score.txt; exit 42", /score.txt holds 100000 bytes instead/],
  ])("a bad one is the author's fault: %s", async (validator, text) => {
    const judged = await judge(validator, { ...scoring, ...modern });
    expect(judged).toMatchObject({ result: { verdict: "JE" }, score: null, multiplier: null });
    expect(judged.result.evidence.text).toMatch(text);
  });

  test("in older formats: score.txt of any sign, and nothing of it where it was rejected", async () => {
    const legacy = (validator: string): Promise<JudgedTest> => judge(validator, scoring);
    expect((await legacy("echo -3 >$3score.txt; exit 42")).score).toBe(-3);
    expect(await legacy("echo x >$3score.txt; exit 43")).toMatchObject({
      result: { verdict: "WA" },
      score: null,
    });
    expect((await legacy("echo x >$3score.txt; exit 42")).result.verdict).toBe("JE");
    const twice = await judge("", {
      ...scoring,
      validators: [1, 2].map((n) => `echo ${n} >$3score.txt; exit 42`),
    });
    expect(twice.result.evidence.text).toBe("two output validators wrote a score.txt");
  });

  test("mean nothing where there are none: no scoring, or a sample of 2025-09", async () => {
    const both = "echo x >$3score.txt; echo y >$3score_multiplier.txt; exit 43";
    expect(await judge(both, modern)).toMatchObject({ result: { verdict: "WA" }, score: null });
    const sample = { ...scoring, ...modern, test: { sample: true } };
    expect(await judge(both, sample)).toMatchObject({ result: { verdict: "WA" }, score: null });
  });
});

describe.skipIf(box.skip !== null)(`a validator of 2025-09 ${box.skip ?? ""}`, () => {
  test("runs beside the submission's files", async () => {
    const { result } = await judge(
      "ls >$3judgemessage.txt; head -n 1 main.sh >>$3judgemessage.txt; exit 43",
      modern,
    );
    expect(result.judgeMessage).toBe("main.sh\ncat >/dev/null; echo hello");
  });
});
