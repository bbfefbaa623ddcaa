import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createClient, type Client } from "@assay/client";
import { startStack, uploadPackage } from "@assay/cli/stack";
import { routes } from "@assay/contracts";
import { ms, times, type Row } from "../report.ts";
import { imagesDirectory } from "../setting.ts";
import { distribution } from "../statistics.ts";

const never = new AbortController().signal;
const rounds = 7;

const problem: Readonly<Record<string, string>> = {
  "problem.yaml": "name: Double\n",
  ".timelimit": "5",
  "problem_statement/problem.en.tex": "\\problemname{Double}\n",
  "data/secret/1.in": "1\n",
  "data/secret/1.ans": "2\n",
  "data/secret/2.in": "21\n",
  "data/secret/2.ans": "42\n",
};

/** Another source for each round, of the same length. */
const submissionOf = (round: number): string => `#include <bits/stdc++.h>
using namespace std;
// round ${round}
int main() {
  int n;
  cin >> n;
  cout << 2 * n << endl;
}
`;

/** What judging a C++ submission costs the first time, again, and after everything was started anew. */
export async function compileCacheRows(): Promise<Row[]> {
  const directory = await mkdtemp("/tmp/assay-bench-");
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(() => rm(directory, { recursive: true, force: true }));
  await chmod(directory, 0o711);
  const root = join(directory, "double");
  for (const [path, content] of Object.entries(problem)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  const withPlatform = async <Result>(work: (client: Client) => Promise<Result>): Promise<Result> => {
    await using stack = await startStack(
      {
        data: join(directory, "data"),
        images: imagesDirectory,
        slots: null,
        host: "127.0.0.1",
        port: 0,
        verifyUploads: false,
        log: () => undefined,
      },
      never,
    );
    await using client = createClient({ baseUrl: stack.url, token: stack.ownerToken });
    return await work(client);
  };
  const [first, again] = await withPlatform(async (client) => {
    const { id } = await uploadPackage(client, root, never);
    await judged(client, id, -1, false);
    const fresh: number[] = [];
    const cached: number[] = [];
    for (let round = 0; round < rounds; round++) {
      fresh.push(await judged(client, id, round, false));
      cached.push(await judged(client, id, round, true));
    }
    return [fresh, cached] as const;
  });
  const restarted = await withPlatform(async (client) => {
    const { id } = await uploadPackage(client, root, never);
    // Connections and the package are looked at for the first time.
    await judged(client, id, -1, true);
    const kept: number[] = [];
    for (let round = 0; round < rounds; round++) kept.push(await judged(client, id, round, true));
    return kept;
  });
  const compiling = distribution(first).p50;
  const row = (what: string, values: readonly number[]): Row => ({
    what: `judging a C++ submission with bits/stdc++.h ${what}, over HTTP, p50`,
    measured: `${ms(distribution(values).p50)}: ${times(compiling / distribution(values).p50)} as fast`,
    peer: `the first time ${ms(compiling)}`,
    budget: "",
    isMet: null,
  });
  return [row("again", again), row("again after a restart of the platform", restarted)];
}

/** How long it takes from submitting to the verdict, ms. Throws unless it was compiled, or not, as expected. */
async function judged(client: Client, id: string, round: number, cached: boolean): Promise<number> {
  const since = performance.now();
  const submission = await client.call(routes.createSubmission, {
    query: { wait: 30 },
    body: { problem: id, language: "cpp", source: submissionOf(round) },
    signal: never,
  });
  const elapsed = performance.now() - since;
  const { result, state, failure } = submission.job;
  if (result?.verdict !== "AC" || result.compile?.cached !== cached)
    throw new Error(
      `expected AC ${cached ? "from the cache" : "freshly compiled"}, got ${state} ${result?.verdict ?? failure?.message ?? ""}: ${result?.evidence.text ?? ""} (cached: ${result?.compile?.cached ?? "nothing"})`,
    );
  return elapsed;
}
