import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "@assay/client";
import { isSettled, routes, type RejudgingDetail, type Submission } from "@assay/contracts";
import { openStack } from "../open-stack.ts";
import type { Row } from "../report.ts";

const tests = 20;
const inFlight = 32;
const submissions = Number(process.env["ASSAY_BENCH_SUBMISSIONS"] ?? 500);
const long = 300_000;

/** Many submissions, all judged; then all of them judged again, looked at, applied, and rolled back. */
export async function rejudgeRows(): Promise<Row[]> {
  await using stack = await openStack();
  const { client } = stack;
  await stack.upload("doubling", doublingPackage("40"));

  const sent = performance.now();
  const ids = await submitAll(client);
  const verdicts = await untilSettled(client, ids);
  const judged = seconds(sent);
  const lost = ids.filter((id) => verdicts.get(id) !== expectedOf(ids.indexOf(id), "before")).length;

  await stack.upload("doubling", doublingPackage("41"));
  const created = performance.now();
  const plan = await client.call(routes.createRejudging, {
    body: { reason: "bench", selection: { problems: ["doubling"] } },
    timeoutMs: long,
  });
  const creation = seconds(created);
  const ready = await untilReady(client, plan);
  const rejudged = seconds(created);
  const previewing = performance.now();
  const params = { id: plan.id };
  const preview = await client.call(routes.previewRejudging, { params });
  const previewed = seconds(previewing);
  const before = await shown(client);
  const body = { reason: "bench" };
  const applying = performance.now();
  await client.call(routes.applyRejudging, { params, body, timeoutMs: long });
  const applied = seconds(applying);
  const during = await shown(client);
  const rollingBack = performance.now();
  await client.call(routes.rollBackRejudging, { params, body, timeoutMs: long });
  const rolledBack = seconds(rollingBack);
  const after = await shown(client);

  const right = (seen: ReadonlyMap<string, string | null>, when: "before" | "after"): number =>
    ids.filter((id, index) => seen.get(id) === expectedOf(index, when)).length;
  const cpus = `${availableParallelism()} CPUs for everything, client included`;
  const wrong = `${right(before, "before")}, ${right(during, "after")} and ${right(after, "before")} of ${submissions} as they should be`;
  return [
    {
      what: `${submissions} submissions x ${tests} tests (C, all tests), submitted and judged`,
      measured: `${judged.toFixed(1)} s: ${(submissions / judged).toFixed(1)} submissions/s, ${((submissions * tests) / judged).toFixed(0)} tests/s`,
      peer: cpus,
      budget: "none lost",
      isMet: lost === 0,
    },
    {
      what: `rejudging of all of them: made, and judged`,
      measured: `${creation.toFixed(2)} s, ${rejudged.toFixed(1)} s: ${(submissions / rejudged).toFixed(1)} submissions/s`,
      peer: `${ready.progress.judged} of ${submissions} judged, ${preview.changes.down} down, ${preview.changes.same} same`,
      budget: "none lost",
      isMet: ready.progress.judged === submissions,
    },
    {
      what: "its preview, apply and roll back",
      measured: `${previewed.toFixed(2)} s, ${applied.toFixed(2)} s, ${rolledBack.toFixed(2)} s`,
      peer: `shown before, applied, rolled back: ${wrong}`,
      budget: "each result as decided",
      isMet:
        right(before, "before") === submissions &&
        right(during, "after") === submissions &&
        right(after, "before") === submissions,
    },
  ];
}

const seconds = (since: number): number => (performance.now() - since) / 1000;

/** Every fifth program is wrong already; the others are when the last answer is another. */
const isWrong = (index: number): boolean => index % 5 === 0;
const expectedOf = (index: number, when: "before" | "after"): string =>
  isWrong(index) || when === "after" ? "WA" : "AC";

const program = (index: number): string => `#include <stdio.h>
int main(void) {
  long n;
  if (scanf("%ld", &n) != 1) return 1;
  printf("%ld\\n", n * 2 + ${isWrong(index) ? 1 : 0}); /* of ${index % 10} */
  return 0;
}
`;

async function submitAll(client: Client): Promise<string[]> {
  const ids: string[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      for (let index = next++; index < submissions; index = next++) {
        const body = { problem: "doubling", language: "c", source: program(index), mode: "all" } as const;
        ids[index] = (await client.call(routes.createSubmission, { body })).id;
      }
    }),
  );
  return ids;
}

async function untilSettled(
  client: Client,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string | null>> {
  const verdicts = new Map<string, string | null>();
  for (const id of ids) {
    let submission: Submission;
    do submission = await client.call(routes.getSubmission, { params: { id }, query: { wait: 30 } });
    while (!isSettled(submission.job.state));
    verdicts.set(id, submission.job.verdict);
  }
  return verdicts;
}

async function untilReady(client: Client, plan: RejudgingDetail): Promise<RejudgingDetail> {
  for (let now = plan; ;) {
    if (now.state !== "pending" && now.state !== "judging") return now;
    await sleep(100);
    now = await client.call(routes.getRejudging, { params: { id: plan.id } });
  }
}

/** What everybody sees of each submission. */
async function shown(client: Client): Promise<ReadonlyMap<string, string | null>> {
  const verdicts = new Map<string, string | null>();
  let cursor: string | null = null;
  do {
    const query: { limit: number; cursor?: string } = { limit: 200, ...(cursor === null ? {} : { cursor }) };
    const page: { items: Submission[]; nextCursor: string | null } = await client.call(
      routes.listSubmissions,
      { query },
    );
    for (const { id, job } of page.items) verdicts.set(id, job.verdict);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return verdicts;
}

const doublingPackage = (lastAnswer: string): Record<string, string> => ({
  "problem.yaml": "problem_format_version: legacy\nname: Doubling\n",
  ".timelimit": "2\n",
  ...Object.fromEntries(
    Array.from({ length: tests }, (_, index) => {
      const name = `data/secret/${String(index + 1).padStart(2, "0")}`;
      const answer = index + 1 === tests ? lastAnswer : String(2 * (index + 1));
      return [
        [`${name}.in`, `${index + 1}\n`],
        [`${name}.ans`, `${answer}\n`],
      ] as const;
    }).flat(),
  ),
});
