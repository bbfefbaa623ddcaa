import type { Language } from "@assay/languages";
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

const judge = (
  validator: string,
  submission: string,
  fixture: ProblemFixture = {},
  options: JudgeOptions = {},
): Promise<JudgedTest> =>
  judgeOne(
    place(),
    { validators: [validator], type: { interactive: true }, ...fixture },
    submission,
    options,
  );

/** Says whether a number is too large or too small; the input file holds it. */
const referee = `read secret <$1
  while read guess; do
    if [ $guess -lt $secret ]; then echo more
    elif [ $guess -gt $secret ]; then echo less
    else echo right; exit 42; fi
  done
  echo "no more guesses" >$3judgemessage.txt; exit 43`;
const guesser = `low=1 high=1000
  while :; do
    middle=$(( (low + high) / 2 )); echo $middle; read answer || exit 1
    case $answer in more) low=$((middle + 1));; less) high=$((middle - 1));; *) exit 0;; esac
  done`;
const guess = { tree: { "data/secret/1.in": "700\n" } };

describe.skipIf(box.skip !== null)(`a submission and a validator that talk ${box.skip ?? ""}`, () => {
  test("to the end", async () => {
    const { result } = await judge(referee, guesser, guess);
    expect(result).toMatchObject({ verdict: "AC", fault: null, passes: 1 });
    expect(result.evidence.text).toBe("accepted");
    expect(result.cpuMs).toBeGreaterThan(0);
  });

  test("while the submission never sees the input", async () => {
    const spy = "ls -A / /w /w/.judge >&2; cat /w/.judge/* /proc/*/cmdline >&2; exit 1";
    const { result } = await judge(referee, spy, guess);
    expect(result.verdict).toBe("RTE");
    expect(result.evidence.text).toMatch(/^exit code 1; last line of stderr/);
    expect(result.evidence.text).not.toContain("700");
  });

  test("and what they said first is told where it may be", async () => {
    const { result } = await judge(referee, "echo 3; read a; echo 4; read b; exit 0", guess);
    expect(result).toMatchObject({ verdict: "WA", judgeMessage: "no more guesses" });
    expect(result.evidence.text).toBe(
      'rejected by the output validator: no more guesses; the validator said "more⏎more⏎"; the submission said "3⏎4⏎"',
    );
    const hidden = await judge(referee, "echo 3; exit 0", guess, { revealAnswers: false });
    expect(hidden.result.evidence.text).toBe("rejected by the output validator");
  });

  test("each with every validator of the package", async () => {
    const both = { ...guess, validators: [referee, `${referee} #`] };
    expect((await judge("", guesser, both)).result.verdict).toBe("AC");
    const second = { ...guess, validators: [referee, "exit 43"] };
    expect((await judge("", guesser, second)).result.verdict).toBe("WA");
  });
});

describe.skipIf(box.skip !== null)(`whose end decides ${box.skip ?? ""}`, () => {
  const waitForEnd = "while read line; do :; done";

  test.each<[string, string, string, string, RegExp]>([
    ["rejected, then crashed", "exit 43", `${waitForEnd}; exit 7`, "WA", /^rejected/],
    ["rejected, then too slow", "exit 43", "while :; do :; done", "WA", /^rejected/],
    ["rejected, then waiting", "exit 43", "sleep 60", "WA", /^rejected/],
    ["rejected, then writing to nobody", "exit 43", "while :; do echo x; done", "WA", /^rejected/],
    ["rejected, though the submission ended first", `${waitForEnd}; exit 43`, "exit 0", "WA", /^rejected/],
    ["crashed, then rejected", `${waitForEnd}; exit 43`, "exit 7", "RTE", /^exit code 7/],
    ["killed, then rejected", `${waitForEnd}; exit 43`, "kill -SEGV $$", "RTE", /^killed by SIGSEGV/],
    ["too slow, then rejected", `${waitForEnd}; exit 43`, "while :; do :; done", "TLE", /CPU limit of 1 s/],
    ["crashed, then broken", `${waitForEnd}; exit 1`, "exit 7", "RTE", /^exit code 7/],
    ["crashed, then accepted", `${waitForEnd}; exit 42`, "exit 7", "RTE", /^exit code 7/],
    ["accepted, then well", "exit 42", waitForEnd, "AC", /^accepted$/],
    ["accepted, then crashed", "exit 42", `${waitForEnd}; exit 7`, "RTE", /^exit code 7/],
    ["accepted, then too slow", "exit 42", "while :; do :; done", "TLE", /CPU limit of 1 s/],
    ["accepted, then waiting", "exit 42", "sleep 60", "TLE", /^idle: stopped/],
    ["accepted, then writing to nobody", "exit 42", "while :; do echo x; done", "TLE", /CPU limit of 1 s/],
    ["broken", "exit 1", "sleep 60", "JE", /v0 is broken: exit code 1/],
    ["broken after the submission ended well", `${waitForEnd}; exit 0`, "exit 0", "JE", /exit code 0, which/],
    ["broken, then crashed", "exit 1", `${waitForEnd}; exit 7`, "JE", /v0 is broken/],
    [
      "looping while the submission waits",
      "while :; do :; done",
      "read x; exit 0",
      "JE",
      /v0 is broken: stopped at the CPU limit/,
    ],
    ["looping", "while :; do :; done", "exit 0", "JE", /v0 is broken: stopped at the CPU limit/],
  ])("%s", async (_, validator, submission, verdict, text) => {
    const { result } = await judge(validator, submission);
    expect(result.verdict).toBe(verdict);
    expect(result.evidence.text).toMatch(text);
  });

  test("a deaf validator, which ignores that the submission ended", async () => {
    const { result } = await judge("sleep 60", "exit 0", { limits: { wallMs: 1000 } });
    expect(result.verdict).toBe("JE");
    expect(result.evidence.text).toMatch(/v0 is broken: idle: stopped after it used no CPU time for 3 s/);
  });

  test("a submission that says nothing and is never quite idle: too slow, which is not the validator's fault", async () => {
    const dozing = "while :; do i=0; while [ $i -lt 3000 ]; do i=$((i + 1)); done; sleep 0.2; done";
    const { result } = await judge("read line; exit 43", dozing, {
      limits: { wallMs: 1000 },
      validation: { cpuMs: 30_000, wallMs: 60_000 },
    });
    expect(result).toMatchObject({ verdict: "TLE", fault: "submitter", timeCause: "wall" });
    expect(result.evidence.text).toMatch(/^kept the validator waiting for 3 s/);
  });

  test("both wait for each other: soon too slow, and idle is the cause", async () => {
    const { result } = await judge("read line; exit 43", "read line; exit 0");
    expect(result).toMatchObject({ verdict: "TLE", timeCause: "idle" });
    expect(result.evidence.text).toMatch(/^idle: stopped after it used no CPU time for (?:2|6) s/);
  });

  test("a validator that computes for long does not make the submission idle, and costs it no time", async () => {
    const slow = "i=0; while [ $i -lt 2500000 ]; do i=$((i + 1)); done; echo go; read line; exit 42";
    const { result } = await judge(slow, "read line; echo $line", {
      validation: { cpuMs: 30_000, wallMs: 60_000 },
    });
    expect(result.verdict).toBe("AC");
    expect(result.cpuMs).toBeLessThan(1000);
    expect(result.wallMs).toBeGreaterThan(2000);
  });

  test("a validator that closes its output tells the submission so", async () => {
    const { result } = await judge(
      "exec >&-; read line; [ $line = end ] && exit 42; exit 43",
      "read x || echo end",
    );
    expect(result.verdict).toBe("AC");
  });

  test("a validator that writes to a submission that has gone may still judge", async () => {
    const stubborn =
      "i=0; while [ $i -lt 9000 ]; do echo xxxxxxxxxxxxxxxx; i=$((i + 1)); done; read x || exit 43";
    const { result } = await judge(stubborn, "exit 0");
    expect(result.verdict).toBe("WA");
  });

  test("a submission that floods", async () => {
    const flood = "trap '' PIPE; while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done";
    const deaf = await judge("sleep 60", flood);
    expect(deaf.result).toMatchObject({ verdict: "TLE" });
    const swallowed = await judge("cat >/dev/null; exit 42", "head -c 3000000 /dev/zero; exit 0");
    expect(swallowed.result).toMatchObject({ verdict: "OLE" });
    const broken = await judge(
      "head -c 2500000 >/dev/null; exit 1",
      "head -c 3000000 /dev/zero; read x; exit 1",
    );
    expect(broken.result).toMatchObject({ verdict: "OLE", fault: "submitter" });
    expect(broken.result.evidence.text).toMatch(/^wrote \d+ bytes, more than the output limit of 1 MiB/);
    const errors = await judge(waitForEnd, "head -c 3000000 /dev/zero >&2; exit 0");
    expect(errors.result).toMatchObject({ verdict: "OLE" });
  });
});

describe.skipIf(box.skip !== null)(`a submission that does not even start ${box.skip ?? ""}`, () => {
  test.each([
    ["./nothing", "RTE"],
    ["no-such-interpreter", "IE"],
  ])("%s", async (program, verdict) => {
    const { sandbox, image } = box.get();
    const broken: Language = { ...shell, id: "broken", run: () => ({ argv: [program], env: {} }) };
    const where: Place = {
      sandbox,
      tools: { language: broken, image },
      validatorTools: { language: shell, image },
    };
    const fixture: ProblemFixture = { validators: ["read x; exit 43"], type: { interactive: true } };
    const { result } = await judgeOne(where, fixture, "");
    expect(result.verdict).toBe(verdict);
    expect(result.evidence.text).toMatch(/^could not be started/);
  });
});

describe.skipIf(box.skip !== null)(`an interactive problem ${box.skip ?? ""}`, () => {
  test("is cancelled as a whole", async () => {
    const controller = new AbortController();
    const judged = judge("sleep 60", "sleep 60", {}, { signal: controller.signal });
    controller.abort(new Error("not wanted"));
    await expect(judged).rejects.toThrow("not wanted");
  });

  test("needs a validator of its own", async () => {
    await expect(judge("", "exit 0", { validators: [] })).rejects.toThrow(
      "the problem is interactive, but has no output validator of its own",
    );
  });
});

const single = await sandboxOrSkip({ slots: 1 });
afterAll(() => single[Symbol.asyncDispose]());

test.skipIf(single.skip !== null)(
  "with one slot nothing is judged, and the job can go elsewhere",
  async () => {
    const { sandbox, image } = single.get();
    const alone = { sandbox, tools: { language: shell, image } };
    const fixture = { validators: ["exit 42"], type: { interactive: true } };
    await expect(judgeOne(alone, fixture, "exit 0")).rejects.toMatchObject({ name: "NotHere" });
  },
);

describe.skipIf(box.skip !== null)(`two ends close to each other ${box.skip ?? ""}`, () => {
  // Each ends because the other did, as fast as it can: only what comes first may decide.
  test.each([
    ["the validator's", "exit 43", "read x; exit 1", "WA"],
    ["the submission's", "read x; exit 43", "exit 1", "RTE"],
  ])("%s first, always", async (_, validator, submission, verdict) => {
    const verdicts: string[] = [];
    for (let round = 0; round < 25; round++)
      verdicts.push((await judge(validator, submission)).result.verdict);
    expect(new Set(verdicts)).toEqual(new Set([verdict]));
  });
});
