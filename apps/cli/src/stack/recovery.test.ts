import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createClient, type Client } from "@assay/client";
import { routes, type Verdict } from "@assay/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { uploadPackage } from "../upload.ts";
import { startEphemeralStack, type EphemeralStack } from "./ephemeral.ts";
import { footprint, leftovers } from "./leftovers.ts";
import { checkout } from "./paths.ts";
import type { PartName } from "./stack.ts";

const isRoot = process.getuid?.() === 0;
const packagePath = join(checkout, "content/problems/sum-of-pairs");

/** Programs of the package with the one verdict that each must get, whatever dies meanwhile. */
const programs: readonly { path: string; language: string; verdict: Verdict }[] = [
  { path: "accepted/count.py", language: "python", verdict: "AC" },
  { path: "wrong_answer/values.py", language: "python", verdict: "WA" },
];

describe.skipIf(!isRoot)("a stack whose parts are killed (needs root)", () => {
  let stack: EphemeralStack;
  let client: Client;
  const never = new AbortController().signal;

  beforeAll(async () => {
    stack = await startEphemeralStack({ languages: ["python", "cpp"] }, never);
    client = createClient({ baseUrl: stack.url, token: stack.ownerToken });
  });
  afterAll(async () => {
    await client[Symbol.asyncDispose]();
    await stack[Symbol.asyncDispose]();
  });

  const kill = (part: PartName): void => {
    const pid = stack.pids()[part];
    if (pid !== null) process.kill(pid, "SIGKILL");
  };

  test("gives each of 50 submissions exactly one verdict, though every part is killed on the way", async () => {
    const problem = await uploadPackage(client, packagePath, never);
    const sources = await Promise.all(
      programs.map(async (program) => ({
        ...program,
        content: (await readFile(join(packagePath, "submissions", program.path))).toString("base64"),
      })),
    );
    const submissions = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const program = sources[index % sources.length];
        if (!program) throw new Error("no program");
        const submission = await client.call(routes.createSubmission, {
          query: { wait: 0 },
          body: {
            problem: problem.id,
            language: program.language,
            files: [
              { path: program.path.split("/").at(-1) ?? "", content: program.content, encoding: "base64" },
            ],
            mode: "all",
          },
          signal: never,
        });
        return { id: submission.id, jobId: submission.job.id, expected: program.verdict };
      }),
    );

    const settledCount = async (): Promise<number> => {
      const page = await persistently(() =>
        client.call(routes.listSubmissions, { query: { limit: 200 }, signal: never }),
      );
      return page.items.filter((one) => one.job.finishedAt !== null).length;
    };
    // Each part is shot as soon as a few more verdicts have come in: always in the middle of the work.
    const order: readonly PartName[] = ["runner", "sandboxd", "server", "postgres"];
    for (const [index, part] of order.entries()) {
      while ((await settledCount()) < (index + 1) * 3);
      kill(part);
    }

    for (const submission of submissions) {
      const settled = await persistently(async () => {
        const read = await client.call(routes.getSubmission, {
          params: { id: submission.id },
          query: { wait: 20 },
          signal: never,
        });
        if (read.job.finishedAt === null) throw new Error(`${submission.id} is ${read.job.state}`);
        return read;
      });
      expect(settled.job.state, settled.job.failure?.message).toBe("completed");
      expect(settled.job.result?.verdict).toBe(submission.expected);
      const endings = [];
      for await (const event of client.events(submission.jobId, { signal: never }))
        if (event.body.type === "state" && event.body.state === "completed") endings.push(event);
      expect(endings).toHaveLength(1);
    }
  }, 300_000);

  test("leaves nothing behind when it stops", async () => {
    const pids = Object.values(stack.pids()).filter((pid) => pid !== null);
    const sandboxId = (await readFile(join(stack.paths.sandboxState, "id"), "utf8")).trim();
    await using before = await footprint(pids, sandboxId, stack.directory);
    expect(before.processes.length).toBeGreaterThan(pids.length);
    expect(before.networkNamespaces.size).toBeGreaterThan(0);
    expect((await leftovers(before)).join("\n")).toContain("is still running");
    await stack[Symbol.asyncDispose]();
    expect(await leftovers(before)).toEqual([]);
  }, 120_000);
});

/** Repeats a call that meets a dead part until the part is back. */
async function persistently<Value>(call: () => Promise<Value>): Promise<Value> {
  const until = performance.now() + 120_000;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
