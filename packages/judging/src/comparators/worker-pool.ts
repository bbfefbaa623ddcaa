import { Worker } from "node:worker_threads";
import { rejection } from "../validators/comparison.ts";
import type { Comparison } from "../validators/comparison.ts";
import type { Comparator } from "../validators/comparator.ts";

export interface WorkerTask {
  readonly comparator: Comparator;
  readonly answer: Uint8Array;
  readonly output: Uint8Array;
}

/**
 * How long a regular expression may take, ms: one that needs more tries the same again and again. So does
 * none that is written well, not even on a very busy machine.
 */
const patternMs = 10_000;
/** All others take linear time: ten times what the largest output takes. */
const otherMs = 120_000;

/** Threads that are kept for the next comparison; starting one takes longer than most of them. */
const maxIdle = 2;
/** Of one thread's heap: a JSON value takes several times its text. */
const heapMiB = 2048;

const idle: Worker[] = [];

/** Compares in a thread that is ended when it takes too long or too much memory. */
export const compareInWorker = async (
  comparator: WorkerTask["comparator"],
  answer: Uint8Array,
  output: Uint8Array,
  deadline = comparator.kind === "pattern" ? patternMs : otherMs,
): Promise<Comparison> => {
  const worker = idle.pop() ?? startWorker();
  worker.ref();
  const { promise, resolve } = Promise.withResolvers<Comparison | Error>();
  const onMessage = (comparison: Comparison): void => resolve(comparison);
  const onError = (error: Error): void => resolve(error);
  const onExit = (): void => resolve(new Error("its thread ended"));
  worker.on("message", onMessage).on("error", onError).on("exit", onExit);
  const timer = setTimeout(() => resolve(new Error(`it takes longer than ${deadline / 1000} s`)), deadline);
  const task: WorkerTask = { comparator, answer, output };
  // Threads have no origins.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  worker.postMessage(task);
  const result = await promise;
  clearTimeout(timer);
  worker.off("message", onMessage).off("error", onError).off("exit", onExit);
  if (result instanceof Error) {
    // A thread in the middle of something fails once more when it is ended; nobody waits for it.
    worker.on("error", () => undefined);
    await worker.terminate();
    return gaveUp(comparator, result.message);
  }
  if (idle.length < maxIdle) {
    worker.unref();
    idle.push(worker);
  } else await worker.terminate();
  return result;
};

const startWorker = (): Worker => {
  const worker = new Worker(new URL("worker.ts", import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: heapMiB },
    // Nothing of the environment is needed there.
    env: {},
    execArgv: [],
  });
  worker.once("exit", () => {
    const place = idle.indexOf(worker);
    if (place !== -1) idle.splice(place, 1);
  });
  return worker;
};

/** A pattern is the author's, and a good one is never slow; what it takes to read JSON is up to the output. */
const gaveUp = ({ kind }: Comparator, why: string): Comparison =>
  kind === "json"
    ? rejection(`the output can't be read as JSON: ${why}`, "the output is too large to be read as JSON")
    : rejection(
        `the answer can't be compared with this output (${kind}): ${why}`,
        "the answer can't be compared with",
        { brokenAnswer: true },
      );
