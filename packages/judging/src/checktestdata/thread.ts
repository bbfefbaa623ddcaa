import { parentPort } from "node:worker_threads";
import { checkTestData } from "./check.ts";
import type { CheckTask } from "./in-thread.ts";

parentPort?.on("message", ({ program, input }: CheckTask) => {
  // Threads have no origins.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  parentPort?.postMessage(checkTestData(program, input));
});
