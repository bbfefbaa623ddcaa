import { availableParallelism } from "node:os";
import { standardPolicy } from "@assay/contracts";
import type { JudgeResult } from "@assay/contracts";
import { imageStore } from "@assay/images";
import { judgeSubmission, compileCaches, parsePackage } from "@assay/judging";
import type { PackageFiles } from "@assay/judging";
import { languageById } from "@assay/languages";
import { openSandbox } from "../open-sandbox.ts";
import { ms, times, type Row } from "../report.ts";
import { imagesDirectory } from "../setting.ts";
import { distribution } from "../statistics.ts";

const tests = 100;
const rounds = 9;

/** Doubles a number; the second one computes for some milliseconds before. */
const small = '#include <stdio.h>\nint main(void) { int n; scanf("%d", &n); printf("%d\\n", 2 * n); }\n';
const busy = `#include <stdio.h>
int main(void) {
  volatile unsigned sum = 0;
  int n;
  scanf("%d", &n);
  for (unsigned i = 0; i < 20000000; i++) sum += i;
  printf("%d\\n", 2 * n);
}
`;

/** What judging a submission of 100 tests costs beside its programs, and what tests at once save. */
export async function judgeRows(): Promise<Row[]> {
  await using stack = new AsyncDisposableStack();
  const slots = availableParallelism();
  const sandbox = await openSandbox(stack, slots);
  const image = await imageStore(imagesDirectory).resolve("cpp");
  const language = languageById("c");
  if (language === null) throw new Error("the catalogue has no C");
  const packageFiles = problemFiles();
  const problem = await parsePackage(packageFiles);
  const compiled = compileCaches(sandbox, {
    maxEntries: 4,
    maxBytes: 1 << 26,
    platform: "test",
    store: null,
  }).of("test");
  const judge = async (source: string, parallel: number): Promise<Judged> => {
    const since = performance.now();
    const result = await judgeSubmission({
      package: problem,
      packageFiles,
      files: [{ path: "main.c", content: source }],
      language,
      sandbox,
      compiled,
      mode: "all",
      policy: { ...standardPolicy, parallel },
      timeMs: null,
      toolbox: { toolsFor: () => null },
      speedFactor: null,
      parallel: slots,
      revealAnswers: true,
      provenance: {
        image: { name: "cpp", digest: image.digest },
        language: { id: "c", version: "bench" },
        runner: "bench",
      },
      signal: new AbortController().signal,
      onEvent: () => undefined,
    });
    if (result.verdict !== "AC")
      throw new Error(`expected AC, got ${result.verdict}: ${result.evidence.text}`);
    return { elapsed: performance.now() - since, result };
  };
  await judge(small, slots);
  await judge(busy, slots);
  return [await overheadRow(judge), ...(await gainRows(judge, slots))];
}

interface Judged {
  readonly elapsed: number;
  readonly result: JudgeResult;
}
type Judge = (source: string, parallel: number) => Promise<Judged>;

async function overheadRow(judge: Judge): Promise<Row> {
  const overheads: number[] = [];
  const own: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const { elapsed, result } = await judge(small, 1);
    const programs = result.tests.reduce((sum, test) => sum + test.wallMs, 0);
    overheads.push((elapsed - programs) / tests);
    own.push(programs / tests);
  }
  const each = distribution(overheads);
  const program = distribution(own);
  return {
    what: `judging ${tests} tests one after the other, compiled before: overhead per test, p50`,
    measured: ms(each.p50),
    peer: `the program itself ${ms(program.p50)}: ${times((each.p50 + program.p50) / program.p50)} in all`,
    budget: "3 ms",
    isMet: each.p50 < 3,
  };
}

async function gainRows(judge: Judge, slots: number): Promise<Row[]> {
  const widths = [...new Set([1, Math.min(2, slots), slots])];
  const elapsed = new Map(widths.map((width): [number, number[]] => [width, []]));
  // In turns, so that what else the machine does disturbs all alike.
  for (let round = 0; round < rounds; round++) {
    for (const width of widths) elapsed.get(width)?.push((await judge(busy, width)).elapsed);
  }
  const p50 = (width: number): number => distribution(elapsed.get(width) ?? []).p50;
  const alone = p50(1);
  return widths.slice(1).map((width) => ({
    what: `judging ${tests} tests of some ms each, ${width} at once (slots: ${slots}), p50`,
    measured: `${ms(p50(width))}: ${times(alone / p50(width))} as fast`,
    peer: `one at a time ${ms(alone)}`,
    budget: "",
    isMet: null,
  }));
}

/** A problem in memory: no two tests are the same, or they would be judged once. */
function problemFiles(): PackageFiles {
  const files = new Map<string, Uint8Array>([
    ["problem.yaml", Buffer.from("name: Double\nlimits: {memory: 64}\n")],
    [".timelimit", Buffer.from("5")],
    ["problem_statement/problem.en.tex", Buffer.from("\\problemname{Double}\n")],
  ]);
  for (let number = 1; number <= tests; number++) {
    const name = `data/secret/${String(number).padStart(3, "0")}`;
    files.set(`${name}.in`, Buffer.from(`${number}\n`));
    files.set(`${name}.ans`, Buffer.from(`${2 * number}\n`));
  }
  return {
    list: () => Promise.resolve([...files].map(([path, content]) => ({ path, size: content.length }))),
    read: (path) => {
      const content = files.get(path);
      return content === undefined
        ? Promise.reject(new Error(`${path} is missing`))
        : Promise.resolve(content);
    },
  };
}
