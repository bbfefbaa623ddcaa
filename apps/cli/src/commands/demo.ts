import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createClient, type Client } from "@assay/client";
import { routes, verdictNames, type JudgeResult, type Submission, type TestResult } from "@assay/contracts";
import type { Command } from "commander";
import { aborted, interruptSignal, printJson } from "../command.ts";
import { demoSubmissions, problemDirectory, type DemoSubmission } from "../demo/catalogue.ts";
import { CommandFailure, exitCode, platformError, type ExitCode } from "../exit.ts";
import { ProgressLine } from "../output/progress.ts";
import { say } from "../output/say.ts";
import { milliseconds, printable } from "../output/text.ts";
import { verdictTable } from "../output/verdicts.ts";
import { startEphemeralStack, type EphemeralStack } from "../stack/ephemeral.ts";
import { footprint, leftovers } from "../stack/leftovers.ts";
import { uploadPackage } from "../upload.ts";

interface DemoOptions {
  readonly keep: boolean;
  readonly json: boolean;
}

interface Judged {
  readonly demo: DemoSubmission;
  readonly result: JudgeResult;
}

export function registerDemo(program: Command): void {
  program
    .command("demo")
    .description(
      "start everything, judge a set of good, bad and hostile programs, show the verdicts, clean up",
    )
    .option("--keep", "leave it serving until interrupted, and print its URL and a token", false)
    .option("--json", "one JSON object instead of the table", false)
    .action(async (options: DemoOptions) => {
      process.exitCode = await demo(options);
    });
}

async function demo(options: DemoOptions): Promise<ExitCode> {
  const signal = interruptSignal();
  let code: ExitCode;
  let before: Awaited<ReturnType<typeof footprint>>;
  {
    const since = performance.now();
    await using stack = await startEphemeralStack(
      { languages: ["python", "cpp"], verifyUploads: false },
      signal,
    );
    say(`assay: the stack is up after ${milliseconds(performance.now() - since)} at ${stack.url}`);
    await using client = createClient({ baseUrl: stack.url, token: stack.ownerToken });
    const judged = await judgeAll(client, signal).catch((error: unknown) => {
      if (!signal.aborted) for (const line of stack.log.slice(-40)) say(printable(line));
      throw error;
    });
    code = judged.every(isExpected) ? exitCode.ok : exitCode.notSo;
    if (options.json) printJson(judged.map(summary));
    else show(judged);
    if (options.keep) await serveUntilInterrupted(stack, signal);
    before = await footprintOf(stack);
    say("assay: stopping everything");
  }
  await using occupied = before;
  const left = await leftovers(occupied);
  for (const line of left) say(`assay: left behind: ${line}`);
  if (left.length > 0) throw new CommandFailure(exitCode.platform, "the demo left something behind");
  say("assay: nothing is left: no process, mount, control group, network namespace or temporary file");
  return code;
}

async function judgeAll(client: Client, signal: AbortSignal): Promise<readonly Judged[]> {
  const problem = await uploadPackage(client, problemDirectory, signal);
  say(
    `assay: uploaded the problem ${problem.shortName} (${problem.tests.sample + problem.tests.secret} tests)`,
  );
  const submitted = await Promise.all(
    demoSubmissions.map(async (demo) => ({ demo, id: await submit(client, problem.id, demo, signal) })),
  );
  say(`assay: submitted ${submitted.length} programs; following them live`);
  using live = new ProgressLine("judging");
  let done = 0;
  const total = submitted.length * (problem.tests.sample + problem.tests.secret);
  return Promise.all(
    submitted.map(async ({ demo, id }) => {
      const result = await follow(client, id, signal, (test) =>
        live.update("judge", ++done, total, `${demo.what}: ${test.name} ${test.verdict}`),
      );
      live[Symbol.dispose]();
      say(`  ${demo.what}: ${verdictNames[result.verdict]}`);
      return { demo, result };
    }),
  );
}

async function submit(
  client: Client,
  problem: string,
  demo: DemoSubmission,
  signal: AbortSignal,
): Promise<string> {
  const content = (await readFile(demo.path)).toString("base64");
  const submission = await client.call(routes.createSubmission, {
    query: { wait: 0 },
    body: {
      problem,
      language: demo.language,
      files: [{ path: demo.name, content, encoding: "base64" }],
      mode: "first_failure",
    },
    signal,
  });
  return submission.id;
}

/** Reads the submission's events until its job is settled, then its result. */
async function follow(
  client: Client,
  id: string,
  signal: AbortSignal,
  onTest: (test: TestResult) => void,
): Promise<JudgeResult> {
  const read = (): Promise<Submission> =>
    client.call(routes.getSubmission, { params: { id }, query: { wait: 0 }, signal });
  const { job } = await read();
  for await (const { body } of client.events(job.id, { signal }))
    if (body.type === "test") onTest(body.result);
  const settled = await read();
  if (!settled.job.result)
    throw platformError(`the platform gave up: ${settled.job.failure?.message ?? settled.job.state}`);
  return settled.job.result;
}

async function serveUntilInterrupted(stack: EphemeralStack, signal: AbortSignal): Promise<void> {
  process.stdout.write(
    `\nserving until interrupted:\n  export ASSAY_URL=${stack.url}\n  export ASSAY_TOKEN=${stack.ownerToken}\n`,
  );
  await aborted(signal);
}

async function footprintOf(stack: EphemeralStack) {
  const pids = Object.values(stack.pids()).filter((pid) => pid !== null);
  const sandboxId = (await readFile(join(stack.paths.sandboxState, "id"), "utf8")).trim();
  return footprint(pids, sandboxId, stack.directory);
}

const isExpected = ({ demo, result }: Judged): boolean => demo.expected === result.verdict;

const summary = ({ demo, result }: Judged) => ({
  submission: demo.name,
  what: demo.what,
  language: demo.language,
  expected: demo.expected,
  verdict: result.verdict,
  passed: result.passed,
  total: result.total,
  cpuMs: result.cpuMs,
  wallMs: result.wallMs,
  memoryBytes: result.memoryBytes,
  fault: result.fault,
  evidence: result.evidence.text,
});

function show(judged: readonly Judged[]): void {
  const lines = judged.map((one) => ({
    submission: one.demo.what,
    language: one.demo.language,
    expected: one.demo.expected,
    isAsExpected: isExpected(one),
    result: one.result,
  }));
  process.stdout.write(`\n${verdictTable(lines)}\n\n`);
  const wrong = judged.filter((one) => !isExpected(one)).length;
  process.stdout.write(
    wrong === 0
      ? `all ${judged.length} verdicts are as expected\n`
      : `${wrong} of ${judged.length} verdicts are NOT as expected\n`,
  );
}
