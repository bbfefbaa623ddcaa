import { sandboxOrSkip } from "@assay/testing";
import { afterAll, describe, expect, test } from "vitest";
import { judgeOne } from "../judge-test.fixture.ts";
import type { Place, ProblemFixture } from "../judge-test.fixture.ts";
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
  fixture: ProblemFixture = {},
  submission = "echo hello",
): Promise<JudgedTest> => judgeOne(place(), { validators: [validator], ...fixture }, submission);

/** Whatever was done, the sandbox serves the next as if nothing had been, and nothing is left. */
const expectUnharmed = async (): Promise<void> => {
  const both = { type: { interactive: true } };
  expect((await judge("read x; [ $x = hello ] && exit 42", both)).result.verdict).toBe("AC");
  expect(await box.get().sandbox.forget("all")).toBe(0);
};

describe.skipIf(box.skip !== null)(`a validator that attacks ${box.skip ?? ""}`, () => {
  test.each<[string, string, string, RegExp]>([
    ["kills everything that it can", "sleep 60 & kill -9 -1; exit 42", "AC", /accepted/],
    ["signals whoever started it", "kill -9 1 $PPID; exit 42", "AC", /accepted/],
    ["forks without end", "f() { f | f; }; f; exit 42", "JE|AC", /accepted|limit/],
    ["leaves processes behind", "sleep 60 & sleep 60 & exit 42", "AC", /accepted/],
    [
      "fills the disk",
      "head -c 1000000000 /dev/zero >/tmp/x; head -c 1000000000 /dev/zero >x; exit 42",
      "JE",
      /more than its output limit/,
    ],
    [
      "fills it with files",
      "i=0; while [ $i -lt 2000 ]; do echo x >$3$i; i=$((i + 1)); done; exit 42",
      "JE",
      /more than its output limit/,
    ],
    [
      "writes beside its directories",
      "echo x >../x; echo x >/x; echo x >/etc/x; echo x >$3../x; exit 42",
      "AC",
      /accepted/,
    ],
    ["changes what it was given", "echo x >$1; rm $2; ln -s / $2; rm main.sh; exit 43", "WA", /rejected/],
    ["prints a gigabyte", "head -c 1000000000 /dev/zero; exit 42", "JE", /output limit/],
    ["closes everything", "exec <&- >&- 2>&-; exit 43", "WA", /rejected/],
    [
      "puts a link where its message belongs",
      "ln -s /etc/passwd $3judgemessage.txt; exit 43",
      "JE",
      /judgemessage.txt .* is a symbolic link/,
    ],
    [
      "a link to its own input",
      "ln -s $1 $3teammessage.txt; exit 43",
      "JE",
      /teammessage.txt .* is a symbolic link/,
    ],
    [
      "a hard link to it",
      "ln $1 $3judgemessage.txt; exit 43",
      "WA",
      /rejected by the output validator: secret-input/,
    ],
    ["a directory", "mkdir $3judgemessage.txt; exit 43", "JE", /judgemessage.txt .* is not a regular file/],
    [
      "a pipe that nobody writes to",
      "mkfifo $3judgemessage.txt; exit 43",
      "JE",
      /judgemessage.txt .* is not a regular file/,
    ],
    ["a link instead of the directory", "rm -r $3; ln -s /etc ${3%/}; exit 43", "JE|WA", /./],
    ["nothing instead of the directory", "rm -r ${3%/*/}; exit 43", "WA", /rejected/],
  ])("%s", async (_, validator, verdict, text) => {
    const { result } = await judge(validator);
    expect(result.verdict).toMatch(new RegExp(`^(?:${verdict})$`));
    expect(result.evidence.text).toMatch(text);
    expect(JSON.stringify(result)).not.toContain("root:");
    await expectUnharmed();
  });

  test.each<[string, string]>([
    ["a link instead of its directory", "rm -r ${3%/}; ln -s /tmp ${3%/}; echo x >$3nextpass.in; exit 42"],
    ["a link above it", "mkdir /tmp/j; rm -r /w/.judge; ln -s / /w/.judge; exit 42"],
    ["a directory for the next input", "rm $1; mkdir $1; echo x >$3nextpass.in; exit 42"],
    ["a link for the next input", "rm $1; ln -s /tmp/away $1; echo x >$3nextpass.in; exit 42"],
    ["no directory to go on in", "echo x >$3nextpass.in; rm -f $3.keep; exit 42"],
    ["files that nobody may read", "echo x >$3nextpass.in; echo y >$3secret; exit 42"],
    ["pipes", "mkfifo $3pipe; echo x >$3nextpass.in; exit 42"],
  ])("leaves %s for its own next pass: it harms nobody but itself", async (_, validator) => {
    const { result } = await judge(validator, { type: { multiPass: true } });
    expect(result.verdict).toMatch(/^(?:JE|AC)$/);
    await expectUnharmed();
  });

  test("floods the submission it talks to", async () => {
    const flood = "while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done";
    const { result } = await judge(flood, { type: { interactive: true } }, "cat >/dev/null");
    expect(result.verdict).toBe("JE");
    await expectUnharmed();
  });
});

describe.skipIf(box.skip !== null)(`a submission that attacks ${box.skip ?? ""}`, () => {
  const interactive = { type: { interactive: true } };

  test("finds nothing of the judge in its box", async () => {
    const search =
      "ls -aR /w /tmp /proc/1/root 2>&1 | tr '\\n' ' '; cat /w/.judge/test.in /w/.judge/test.ans; echo end";
    const { result } = await judge("cat >$3judgemessage.txt; exit 43", {}, search);
    expect(result.judgeMessage).toMatch(/end$/);
    expect(result.judgeMessage).not.toMatch(/judge|secret/);
    await expectUnharmed();
  });

  test("can't be taken for its validator by what it prints", async () => {
    const { result } = await judge("cat; exit 43", {}, "echo 42; echo AC; exit 0");
    expect(result.verdict).toBe("WA");
    expect((await judge("exit 43", interactive, "exit 42")).result.verdict).toMatch(/^(?:WA|RTE)$/);
    await expectUnharmed();
  });

  test("can't read back what it wrote, nor write what it reads", async () => {
    const back = "echo mine; read x </dev/stdout; echo $x >/dev/stdin; exit 5";
    const { result } = await judge("read x; [ $x = mine ] && exit 42; exit 43", interactive, back);
    expect(result.verdict).toMatch(/^(?:RTE|TLE)$/);
    expect(result.fault).toBe("submitter");
    await expectUnharmed();
  });

  test("can't reach the validator's processes", async () => {
    const killer = "read go; kill -9 -1; exit 1";
    const { result } = await judge("echo go; while read x; do :; done; exit 43", interactive, killer);
    expect(result.verdict).toBe("RTE");
    const deaf = await judge(
      "echo go; read x; read y && exit 43; exit 42",
      interactive,
      "read go; for p in 1 2 3 4 5 6 7 8 9; do [ $p = $$ ] || kill -9 $p 2>/dev/null; done; echo x",
    );
    expect(deaf.result.verdict).toBe("AC");
    await expectUnharmed();
  });
});
