import { ThreadPool } from "../threads/thread-pool.ts";
import type { CheckResult } from "./check.ts";

export interface CheckTask {
  readonly program: string;
  readonly input: Uint8Array;
}

const threads = new ThreadPool<CheckTask, CheckResult>({
  entry: new URL("thread.ts", import.meta.url),
  maxIdle: 2,
  heapMiB: 2048,
});

/** The check bounds its own time; this is for what it can't see, such as a regular expression. */
const deadlineMs = 120_000;

/** `checkTestData` beside the event loop. */
export const checkTestDataInThread = async (program: string, input: Uint8Array): Promise<CheckResult> => {
  const result = await threads.run({ program, input }, deadlineMs);
  if (!(result instanceof Error)) return result;
  return {
    ok: false,
    where: "program",
    line: 1,
    column: 1,
    message: `the check gave up: ${result.message}`,
  };
};
