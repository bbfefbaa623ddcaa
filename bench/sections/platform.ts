import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { createClient, type Client } from "@assay/client";
import { routes, type NewRun, type NewSubmission, type Submission } from "@assay/contracts";
import { imageStore } from "@assay/images";
import { footprint, startStack, uploadPackage, type Stack } from "@assay/cli/stack";
import { ms, times, type Row } from "../report.ts";
import { checkout, imagesDirectory } from "../setting.ts";
import { distribution, rate, timeEach } from "../statistics.ts";
import { bareSpawn } from "./box.ts";

const never = new AbortController().signal;

/** The whole platform on this machine, through its HTTP API. */
export async function platformRows(): Promise<Row[]> {
  const directory = await mkdtemp("/tmp/assay-bench-");
  await chmod(directory, 0o711);
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(() => rm(directory, { recursive: true, force: true }));
  const start = async (): Promise<[Stack, number]> => {
    const since = performance.now();
    const stack = await startStack(
      {
        data: directory,
        images: imagesDirectory,
        slots: null,
        host: "127.0.0.1",
        port: 0,
        log: () => undefined,
      },
      never,
    );
    return [stack, performance.now() - since];
  };
  const [first, firstMs] = await start();
  await first[Symbol.asyncDispose]();
  const [stack, secondMs] = await start();
  cleanup.use(stack);
  const client = cleanup.use(createClient({ baseUrl: stack.url, token: stack.ownerToken }));
  return [
    startRow(firstMs, secondMs),
    await memoryRow(stack),
    await latencyRow(client),
    await throughputRow(client),
    await perTestRow(client),
  ];
}

const helloRun: NewRun = { language: "python", source: "print('hello')\n" };

async function latencyRow(client: Client): Promise<Row> {
  const submit = (): Promise<unknown> => finishedRun(client, helloRun);
  await timeEach(20, submit);
  const image = await imageStore(imagesDirectory).resolve("python");
  const bare = await bareSpawn(["/usr/bin/python3", "-c", "print('hello')"], image.root);
  const whole = distribution(await timeEach(200, submit));
  const added = { p50: whole.p50 - bare.p50, p99: whole.p99 - bare.p99 };
  return {
    what: "submit to result over HTTP, Python hello, added at p50 (p99)",
    measured: `${ms(added.p50)} (${ms(added.p99)})`,
    peer: `bare python3 of the same image ${ms(bare.p50)}: ${times(whole.p50 / bare.p50)}`,
    budget: "12 ms (30 ms)",
    isMet: added.p50 <= 12 && added.p99 <= 30,
  };
}

async function throughputRow(client: Client): Promise<Row> {
  const run: NewRun = { language: "c", source: "int main(void) { return 0; }\n" };
  const one = (): Promise<unknown> => finishedRun(client, run);
  await timeEach(5, one);
  const perSecond = await rate(32, 10, one);
  return {
    what: "jobs per second end to end (HTTP, durable, tiny C program, compile cached)",
    measured: perSecond.toFixed(0),
    peer: `${availableParallelism()} CPUs for everything, client included`,
    budget: "250",
    isMet: perSecond >= 250,
  };
}

async function finishedRun(client: Client, body: NewRun): Promise<void> {
  const run = await client.call(routes.createRun, { query: { wait: 30 }, body, signal: never });
  if (run.result?.outcome?.status !== "exited" || run.result.outcome.exitCode !== 0)
    throw new Error(
      `the run ended with ${run.state}: ${run.result?.evidence.text ?? run.failure?.message ?? ""}`,
    );
}

/** One accepted C program against a problem of a dozen tests: what a test costs beyond its own time. */
async function perTestRow(client: Client): Promise<Row> {
  const path = join(checkout, "content/problems/sum-of-pairs");
  const problem = await uploadPackage(client, path, never);
  const source = await readFile(join(path, "submissions/accepted/table.c"), "utf8");
  const body: NewSubmission = { problem: problem.id, language: "c", source, mode: "all" };
  const submit = async (): Promise<Submission> => {
    const submission = await client.call(routes.createSubmission, {
      query: { wait: 30 },
      body,
      signal: never,
    });
    if (submission.job.result?.verdict !== "AC")
      throw new Error(`expected AC, got ${submission.job.result?.verdict ?? submission.job.state}`);
    return submission;
  };
  await timeEach(3, submit);
  const overheads: number[] = [];
  for (let index = 0; index < 20; index++) {
    const since = performance.now();
    const { job } = await submit();
    const elapsed = performance.now() - since;
    const tests = job.result?.tests ?? [];
    const own =
      tests.reduce((sum, test) => sum + test.wallMs, 0) / Math.min(availableParallelism(), tests.length);
    overheads.push((elapsed - own) / tests.length);
  }
  const each = distribution(overheads);
  return {
    what: "compile once, then N tests: overhead per test, p50",
    measured: ms(each.p50),
    peer: `${problem.tests.sample + problem.tests.secret} tests per submission, HTTP and verdict included`,
    budget: "3 ms",
    isMet: each.p50 < 3,
  };
}

const startRow = (firstMs: number, secondMs: number): Row => ({
  what: "the whole stack on a prepared machine, to ready",
  measured: `${(secondMs / 1000).toFixed(2)} s`,
  peer: `first start, with initdb and migrations: ${(firstMs / 1000).toFixed(2)} s`,
  budget: "3 s",
  isMet: secondMs <= 3000,
});

/** Proportional set size, so that memory which processes share is counted once. */
async function memoryRow(stack: Stack): Promise<Row> {
  const roots = Object.values(stack.pids()).filter((pid) => pid !== null);
  await using occupied = await footprint(roots, "none", stack.paths.data);
  const { processes } = occupied;
  const sizes = await Promise.all(
    processes.map(async ({ pid }) => {
      const text = await readFile(`/proc/${pid}/smaps_rollup`, "utf8").catch(() => "");
      return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) * 1024;
    }),
  );
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  return {
    what: "idle memory of all processes",
    measured: `${(bytes / 1e6).toFixed(0)} MB`,
    peer: `${processes.length} processes, proportional set size`,
    budget: "400 MB",
    isMet: bytes <= 400e6,
  };
}
