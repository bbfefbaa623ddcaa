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

const judge = async (
  validator: string,
  submission: string,
  fixture: ProblemFixture = {},
  options: JudgeOptions = {},
): Promise<JudgedTest> => {
  const judged = await judgeOne(
    place(),
    { validators: [validator], type: { multiPass: true }, ...fixture },
    submission,
    options,
  );
  expect(await box.get().sandbox.forget("all")).toBe(0);
  return judged;
};

/** Goes on with the output as the next input until that is "end"; keeps a diary. */
const relay = `read line
  echo "$(cat $1) -> $line" >>$3judgemessage.txt
  [ -e $3nextpass.in ] && exit 9
  case $line in end) exit 42;; bad) exit 43;; esac
  echo $line >$3nextpass.in; exit 42`;
const count = "read line; case $line in a) echo b;; b) echo c;; c) echo end;; *) echo a;; esac";
const passes = (validationPasses: number): ProblemFixture => ({ limits: { validationPasses } });

describe.skipIf(box.skip !== null)(`a problem of several passes ${box.skip ?? ""}`, () => {
  test("runs the submission on what the validator made of its last output", async () => {
    const { result } = await judge(relay, count, passes(5));
    expect(result).toMatchObject({ verdict: "AC", passes: 4 });
    expect(result.judgeMessage).toBe("secret-input -> a\na -> b\nb -> c\nc -> end");
    expect(result.evidence.text).toBe("accepted (in 4 passes; time and memory are the largest of a pass)");
    expect(result.evidence.outcome?.cpuMs).toBe(result.cpuMs);
  });

  test("keeps everything but nextpass.in, the validator's own files and rights included", async () => {
    const validator = `read line
      mkdir -p $3deep/er; echo $line >>$3deep/er/log
      [ $(wc -l <$3deep/er/log) = 3 ] || { echo x >$3nextpass.in; exit 42; }
      ls $3; cat $2 $3deep/er/log >$3judgemessage.txt; exit 43`;
    const { result } = await judge(validator, "echo hi", passes(3));
    expect(result).toMatchObject({ verdict: "WA", passes: 3, judgeMessage: "secret-answer\nhi\nhi\nhi" });
    expect(result.evidence.text).toMatch(/^rejected by the output validator: secret-answer \(in pass 3; /);
  });

  test("gives each pass its own input only", async () => {
    const validator = `ls \${1%/*} | tr '\\n' ' ' >>$3judgemessage.txt; cat $1 >>$3judgemessage.txt
      [ -e $3go ] && exit 43; echo >$3go; echo next >$3nextpass.in; exit 42`;
    const { result } = await judge(validator, "echo x", passes(9));
    expect(result.judgeMessage).toMatch(
      /^feedback test.ans test.in secret-input\nfeedback pass-[0-9a-f]{16}\.in test.ans next$/,
    );
  });

  test("ends with what the validator rejects or the submission fails at, each pass by its own limits", async () => {
    const rejected = await judge(relay, "read line; case $line in a) echo bad;; *) echo a;; esac", passes(9));
    expect(rejected.result).toMatchObject({ verdict: "WA", passes: 2 });
    const crashing = "read line; case $line in a) exit 7;; *) echo a;; esac";
    const crashed = await judge(relay, crashing, passes(9));
    expect(crashed.result).toMatchObject({ verdict: "RTE", passes: 2, judgeMessage: "secret-input -> a" });
    const busy = `i=0; while [ $i -lt 200000 ]; do i=$((i + 1)); done; ${count}`;
    const limited = await judge(relay, busy, { limits: { validationPasses: 4, timeMs: 700 } });
    expect(limited.result).toMatchObject({ verdict: "AC", passes: 4 });
  });

  test.each<[string, string, RegExp]>([
    [
      "one pass more than is allowed",
      "cat >/dev/null; echo x >$3nextpass.in; exit 42",
      /wants a pass more than the 2/,
    ],
    [
      "a next pass of what it rejects",
      "echo x >$3nextpass.in; exit 43",
      /wrote nextpass.in and yet ended with 43/,
    ],
    [
      "a next pass of what it broke at",
      "echo x >$3nextpass.in; exit 1",
      /is broken: exit code 1, which is neither/,
    ],
    [
      "a next pass and exit code 0",
      "echo x >$3nextpass.in; exit 0",
      /is broken: exit code 0, which is neither/,
    ],
    [
      "a next pass that is a link",
      "ln -s /etc/passwd $3nextpass.in; exit 42",
      /nextpass.in .* is a symbolic link/,
    ],
    ["a next pass that is a directory", "mkdir $3nextpass.in; exit 42", /nextpass.in .* not a regular file/],
    ["a signal", "kill -SEGV $$", /is broken: killed by SIGSEGV/],
  ])("the validator is to blame for %s", async (_, validator, text) => {
    const { result } = await judge(validator, "echo x", passes(2));
    expect(result).toMatchObject({ verdict: "JE", fault: "author" });
    expect(result.evidence.text).toMatch(text);
  });

  test("nextpass.in means nothing where there is one pass", async () => {
    const { result } = await judge("echo x >$3nextpass.in; exit 43", "echo x", { type: {} });
    expect(result).toMatchObject({ verdict: "WA", passes: 1 });
  });

  test("has one validator", async () => {
    await expect(judge("", "echo x", { validators: ["exit 42", "exit 42"] })).rejects.toThrow(
      "the problem is multi-pass and has several output validators: output_validators/v0, output_validators/v1",
    );
  });

  test("scores by its last pass", async () => {
    const validator = `[ -e $3once ] && { echo 7 >$3score.txt; exit 42; }
      echo x >$3once; echo y >$3nextpass.in; exit 42`;
    const fixture = { type: { multiPass: true, scoring: true }, formatVersion: "2025-09" } as const;
    expect(await judge(validator, "echo x", fixture)).toMatchObject({ result: { verdict: "AC" }, score: 7 });
  });
});

describe.skipIf(box.skip !== null)(`passes that are conversations ${box.skip ?? ""}`, () => {
  const both: ProblemFixture = { type: { multiPass: true, interactive: true } };
  /** Sends the pass's input and wants it back, three times over three passes. */
  const talker = `number=0; [ -e $3count ] && read number <$3count
    number=$((number + 1)); echo $number >$3count
    read word <$1; echo $word; read answer; [ "$answer" = "$word" ] || exit 43
    [ $number = 3 ] && { exec >&-; read rest || exit 42; exit 43; }
    echo word$number >$3nextpass.in; exit 42`;

  test("go on with what the validator remembers", async () => {
    const { result } = await judge(talker, "read w; echo $w; read more; exit 0", { ...both, ...passes(3) });
    expect(result).toMatchObject({ verdict: "AC", passes: 3 });
  });

  test("end at the first that goes wrong", async () => {
    const forgetful = "read w; case $w in word2) echo nonsense;; *) echo $w;; esac";
    const { result } = await judge(talker, forgetful, { ...both, ...passes(3) });
    expect(result).toMatchObject({ verdict: "WA", passes: 3 });
    const crashing = "read w; case $w in word1) exit 5;; *) echo $w;; esac";
    expect((await judge(talker, crashing, { ...both, ...passes(3) })).result).toMatchObject({
      verdict: "RTE",
      passes: 2,
    });
  });
});
