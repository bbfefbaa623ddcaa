import { availableParallelism } from "node:os";
import { imageStore } from "@assay/images";
import type { RunSpec, Sandbox } from "@assay/sandbox";
import { compiled, openSandbox, succeed } from "../open-sandbox.ts";
import { ms, type Row } from "../report.ts";
import { imagesDirectory } from "../setting.ts";
import { distribution } from "../statistics.ts";

const runs = 200;
const limitRuns = 50;
const limitMs = 100;
/** Some 20 ms of one processor. */
const work =
  "int main(void) { volatile unsigned x = 0; for (unsigned i = 0; i < 10000000u; i++) x += i; return 0; }\n";
const spin = "int main(void) { for (volatile unsigned x = 0;;) x++; }\n";
const sleep = "#include <unistd.h>\nint main(void) { for (;;) pause(); }\n";

/** The same program alone and beside busy slots, and how exactly limits are kept. */
export async function accuracyRows(): Promise<Row[]> {
  const rows: Row[] = [];
  const slots = availableParallelism();
  const { digest } = await imageStore(imagesDirectory).resolve("cpp");
  for (const pin of ["never", "always"] as const) {
    await using stack = new AsyncDisposableStack();
    const sandbox = await openSandbox(stack, slots, pin);
    const [busy, endless, idle] = [
      await compiled(sandbox, digest, work),
      await compiled(sandbox, digest, spin),
      await compiled(sandbox, digest, sleep),
    ];
    const alone = await cpuTimes(sandbox, busy);
    const beside = await besideBusy(sandbox, endless, slots - 1, () => cpuTimes(sandbox, busy));
    const pinned = pin === "always" ? "pinned" : "not pinned";
    const difference = mean(beside) - mean(alone);
    rows.push({
      what: `CPU time of the same program, ${runs} runs, ${pinned}`,
      measured: `alone ${spread(alone)}; every other slot busy ${spread(beside)}`,
      peer: `bias ${ms(difference)}, ${((100 * difference) / mean(alone)).toFixed(1)} %`,
      budget: "",
      isMet: null,
    });
    if (pin === "always") continue;
    rows.push(
      await limitRow("CPU", sandbox, { ...endless, limits: { ...endless.limits, cpuMs: limitMs } }, "cpuMs"),
      await limitRow("wall", sandbox, { ...idle, limits: { ...idle.limits, wallMs: limitMs } }, "wallMs"),
    );
  }
  return rows;
}

async function cpuTimes(sandbox: Sandbox, spec: RunSpec): Promise<number[]> {
  const all: number[] = [];
  for (let index = 0; index < runs; index++) all.push((await succeed(sandbox, spec)).outcome.cpuMs);
  return all;
}

async function besideBusy<Result>(
  sandbox: Sandbox,
  endless: RunSpec,
  others: number,
  measure: () => Promise<Result>,
): Promise<Result> {
  const end = new AbortController();
  const limits = { ...endless.limits, cpuMs: 120_000, wallMs: 240_000 };
  const neighbours = Array.from({ length: others }, () =>
    sandbox.run({ ...endless, limits }, { signal: end.signal }),
  );
  try {
    return await measure();
  } finally {
    end.abort();
    await Promise.all(neighbours);
  }
}

async function limitRow(
  name: string,
  sandbox: Sandbox,
  spec: RunSpec,
  key: "cpuMs" | "wallMs",
): Promise<Row> {
  const over: number[] = [];
  for (let index = 0; index < limitRuns; index++) {
    const { outcome } = await sandbox.run(spec, { signal: null });
    over.push(outcome[key] - limitMs);
  }
  const { p50, p95, p99 } = distribution(over);
  return {
    what: `${name} limit of ${limitMs} ms: how much later a program is stopped`,
    measured: `p50 ${ms(p50)}, p95 ${ms(p95)}, p99 ${ms(p99)}`,
    peer: "",
    budget: "5 ms",
    isMet: p95 <= 5,
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const deviation = (values: readonly number[]): number =>
  Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));

const spread = (values: readonly number[]): string => `${ms(mean(values))} ± ${ms(deviation(values))}`;
