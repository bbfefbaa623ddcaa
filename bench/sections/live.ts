import { routes } from "@assay/contracts";
import { openStack, type OpenStack } from "../open-stack.ts";
import { ms, times, type Row } from "../report.ts";
import { distribution, timeEach } from "../statistics.ts";

const tests = 100;
/** Between the ends of two tests. */
const everyMs = 60;
/** For compiling, and for the first tests to be there in time. */
const leadMs = 3_000;

/**
 * From the end of a test's program to its event at who follows the submission.
 *
 * The program is told when to end: test k sleeps until a time on the machine's clock, which the bench
 * knows too. So the time counts all that lies between: the end of the box, the verdict, the runner's
 * outbox, the server's transaction, and the event stream.
 */
export async function liveRows(): Promise<Row[]> {
  await using stack = await openStack();
  const problem = await stack.upload("paced", pacedPackage());
  const bare = distribution(await timeEach(50, () => stack.client.call(routes.ready, {})));
  await follow(stack, problem.id);
  const latencies = [...(await follow(stack, problem.id)), ...(await follow(stack, problem.id))];
  const { p50, p95, p99 } = distribution(latencies);
  return [
    {
      what: `end of a test to its event at the client, ${tests} tests each ${everyMs} ms, p50 (p95, p99)`,
      measured: `${ms(p50)} (${ms(p95)}, ${ms(p99)})`,
      peer: `one HTTP round trip to the same server ${ms(bare.p50)}: ${times(p50 / bare.p50)}`,
      budget: "100 ms at p99",
      isMet: p99 <= 100,
    },
  ];
}

/** How long after its program's end each test was told, ms. */
async function follow({ client }: OpenStack, problem: string): Promise<number[]> {
  const begin = Date.now() + leadMs;
  const { job } = await client.call(routes.createSubmission, {
    body: { problem, language: "c", source: pacedProgram(begin), mode: "all" },
  });
  const latencies: number[] = [];
  for await (const { body } of client.events(job.id)) {
    if (body.type !== "test") continue;
    if (body.result.verdict !== "AC")
      throw new Error(`test ${body.result.name}: ${body.result.verdict}: ${body.result.evidence.text}`);
    latencies.push(Date.now() - (begin + body.done * everyMs));
  }
  if (latencies.length !== tests) throw new Error(`${latencies.length} of ${tests} tests were told`);
  return latencies;
}

const pacedPackage = (): Record<string, string> => ({
  "problem.yaml": "problem_format_version: legacy\nname: Paced\n",
  ".timelimit": "30\n",
  ...Object.fromEntries(
    Array.from({ length: tests }, (_, index) => {
      const name = `data/secret/${String(index + 1).padStart(3, "0")}`;
      return [
        [`${name}.in`, `${index + 1}\n`],
        [`${name}.ans`, "ok\n"],
      ] as const;
    }).flat(),
  ),
});

const pacedProgram = (begin: number): string => `#include <stdio.h>
#include <time.h>
int main(void) {
  long k;
  if (scanf("%ld", &k) != 1) return 1;
  long long at = ${begin}LL + k * ${everyMs};
  struct timespec until = {at / 1000, (at % 1000) * 1000000L};
  puts("ok");
  fflush(stdout);
  while (clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &until, NULL) != 0) {}
  return 0;
}
`;
