import { parentPort } from "node:worker_threads";
import { compareHere } from "./here.ts";
import type { WorkerTask } from "./worker-pool.ts";

// Whoever asks ends this thread when it takes too long; there is nothing to be cleaned up.
parentPort?.on("message", ({ comparator, answer, output }: WorkerTask) => {
  // Threads have no origins.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  parentPort?.postMessage(compareHere(comparator, answer, output));
});
