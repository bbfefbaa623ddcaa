import { ThreadPool } from "../threads/thread-pool.ts";
import { rejection } from "../validators/comparison.ts";
import type { Comparison } from "../validators/comparison.ts";
import type { Comparator } from "../validators/comparator.ts";

export interface ComparisonTask {
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

const threads = new ThreadPool<ComparisonTask, Comparison>({
  entry: new URL("thread.ts", import.meta.url),
  maxIdle: 2,
  // A JSON value takes several times its text.
  heapMiB: 2048,
});

/** Compares in a thread that is ended when it takes too long or too much memory. */
export const compareInThread = async (
  comparator: ComparisonTask["comparator"],
  answer: Uint8Array,
  output: Uint8Array,
  deadline = comparator.kind === "pattern" ? patternMs : otherMs,
): Promise<Comparison> => {
  const result = await threads.run({ comparator, answer, output }, deadline);
  return result instanceof Error ? gaveUp(comparator, result.message) : result;
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
