import { languageById } from "@assay/languages";
import { catalogueSandboxOrSkip } from "@assay/testing";
import { afterAll, describe, expect, test } from "vitest";
import { judgeOne, toolsOf } from "../judge-test.fixture.ts";
import type { Place, ProblemFixture } from "../judge-test.fixture.ts";
import type { JudgedTest } from "../judged-test.ts";
import type { PackageProgram } from "../package/types.ts";
import type { Tools } from "../toolbox.ts";

const box = await catalogueSandboxOrSkip({ slots: 2 });
afterAll(() => box[Symbol.asyncDispose]());

const tools = (id: string): Tools => {
  const language = languageById(id);
  const image = language === null ? undefined : box.get().images.get(language.image);
  if (language === null || image === undefined) throw new Error(`no image for ${id}`);
  return toolsOf(language, image);
};

const place = (submission: string, validator: string): Place => ({
  sandbox: box.get().sandbox,
  tools: tools(submission),
  validatorTools: tools(validator),
});

/** Two programs are compiled with real compilers; that takes a while on a busy machine. */
const patient = 240_000;

/** Output validators of both kinds that want the sum of two numbers, and say where they found something else. */
const sumCpp = `
#include <fstream>
#include <iostream>
int main(int, char **argv) {
  std::ifstream input(argv[1]);
  long a, b, got;
  input >> a >> b;
  std::ofstream message(std::string(argv[3]) + "judgemessage.txt");
  if (!(std::cin >> got)) { message << "no number\\n"; return 43; }
  message << "got " << got << ", expected " << a + b << "\\n";
  return got == a + b ? 42 : 43;
}`;
const sumPython = `
import sys
a, b = map(int, open(sys.argv[1]).read().split())
try:
    got = int(sys.stdin.read())
except ValueError:
    sys.exit(43)
with open(sys.argv[3] + "judgemessage.txt", "a") as message:
    print(f"got {got}, expected {a + b}", file=message)
sys.exit(42 if got == a + b else 43)
`;
const numbers = { tree: { "data/secret/1.in": "3 4\n" } };
const add = "print(sum(map(int, input().split())))";
const subtract = "a, b = map(int, input().split())\nprint(a - b)";

describe.skipIf(box.skip !== null)(`validators in real languages ${box.skip ?? ""}`, () => {
  test.each([
    ["cpp", sumCpp],
    ["python", sumPython],
  ])(
    "%s",
    async (language, validator) => {
      const judge = (submission: string): Promise<JudgedTest> =>
        judgeOne(place("python", language), { ...numbers, validators: [validator] }, submission);
      expect((await judge(add)).result).toMatchObject({ verdict: "AC", judgeMessage: "got 7, expected 7" });
      const wrong = await judge(subtract);
      expect(wrong.result).toMatchObject({ verdict: "WA" });
      expect(wrong.result.evidence.text).toBe("rejected by the output validator: got -1, expected 7");
      expect((await judge("")).result.verdict).toBe("WA");
    },
    patient,
  );

  test("one of 2025-09 sees the submission, and its own modules all the same", async () => {
    const validator = "import sys, helper\nhelper.judge(sys.argv[3], open('main.py').read())";
    const helper =
      "import sys\ndef judge(directory, source):\n    open(directory + 'teammessage.txt', 'w').write(source)\n    sys.exit(43)";
    const path = "output_validator/v";
    const program: PackageProgram = {
      path,
      files: ["__main__.py", "helper.py"].map((name) => ({ packagePath: `${path}/${name}`, path: name })),
      kind: { how: "language", language: "python" },
    };
    const fixture: ProblemFixture = {
      formatVersion: "2025-09",
      tree: { [`${path}/__main__.py`]: validator, [`${path}/helper.py`]: helper },
      outputValidators: [program],
    };
    const { result } = await judgeOne(place("python", "python"), fixture, "print(1)");
    expect(result).toMatchObject({ verdict: "WA", teamMessage: "print(1)" });
  });

  test("an exception is the author's fault, and its last line is told", async () => {
    const fixture = { validators: ["raise KeyError('answer')"] };
    const { result } = await judgeOne(place("python", "python"), fixture, "print(1)");
    expect(result).toMatchObject({ verdict: "JE" });
    expect(result.evidence.text).toMatch(
      /exit code 1; last line of stderr: "KeyError: 'answer'", which is neither/,
    );
  });

  test(
    "build and run scripts find the compiler",
    async () => {
      const path = "output_validators/made";
      const files: Readonly<Record<string, string>> = {
        build: "#!/bin/sh\nset -e\nc++ -O1 -o check check.cc\n",
        run: '#!/bin/sh\nexec "$(dirname "$0")/check" "$@"\n',
        "check.cc": sumCpp,
      };
      const program: PackageProgram = {
        path,
        files: Object.keys(files).map((name) => ({ packagePath: `${path}/${name}`, path: name })),
        kind: { how: "scripts", hasBuild: true },
      };
      const tree = Object.fromEntries(Object.entries(files).map(([name, text]) => [`${path}/${name}`, text]));
      const fixture = { tree: { ...numbers.tree, ...tree }, outputValidators: [program] };
      for (const formatVersion of ["legacy", "2025-09"] as const) {
        const { result } = await judgeOne(place("python", "cpp"), { ...fixture, formatVersion }, add);
        expect(result).toMatchObject({ verdict: "AC", judgeMessage: "got 7, expected 7" });
      }
    },
    patient,
  );
});

/** Guess a number; the validator counts guesses and rejects the eleventh. */
const refereeCpp = `
#include <fstream>
#include <iostream>
int main(int, char **argv) {
  int secret, guess;
  std::ifstream(argv[1]) >> secret;
  for (int i = 0; i < 10 && std::cin >> guess; i++) {
    if (guess == secret) { std::cout << "correct" << std::endl; return 42; }
    std::cout << (guess < secret ? "higher" : "lower") << std::endl;
  }
  return 43;
}`;
const refereePython = `
import sys
secret = int(open(sys.argv[1]).read())
for _ in range(10):
    line = sys.stdin.readline()
    if not line:
        sys.exit(43)
    guess = int(line)
    print("correct" if guess == secret else "higher" if guess < secret else "lower", flush=True)
    if guess == secret:
        sys.exit(42)
sys.exit(43)
`;
const guesser = `
low, high = 1, 1000
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
const naive = "n = 1\nwhile True:\n    print(n, flush=True)\n    n += 1\n    if input() == 'correct': break";

describe.skipIf(box.skip !== null)(`conversations in real languages ${box.skip ?? ""}`, () => {
  test.each([
    ["cpp", refereeCpp],
    ["python", refereePython],
  ])(
    "%s",
    async (language, validator) => {
      const fixture: ProblemFixture = {
        tree: { "data/secret/1.in": "700\n" },
        type: { interactive: true },
        validators: [validator],
      };
      const judge = (submission: string): Promise<JudgedTest> =>
        judgeOne(place("python", language), fixture, submission);
      expect((await judge(guesser)).result.verdict).toBe("AC");
      // The validator gives up first: that the submission then finds no more input is no run-time error.
      expect((await judge(naive)).result.verdict).toBe("WA");
      expect((await judge("raise SystemExit(3)")).result.verdict).toBe("RTE");
      expect((await judge("import sys\nprint(700)\nsys.stdin.readline()")).result).toMatchObject({
        verdict: "TLE",
        timeCause: "idle",
      });
      expect((await judge("print(700, flush=True)\ninput()\nwhile True: pass")).result).toMatchObject({
        verdict: "TLE",
        timeCause: "cpu",
      });
    },
    patient,
  );
});
