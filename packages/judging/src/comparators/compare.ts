import type { Comparison } from "../validators/comparison.ts";
import type { Comparator } from "../validators/comparator.ts";
import { compareHere } from "./here.ts";
import { compareInThread } from "./in-thread.ts";

/** From so many bytes on, everything else would have to wait too long for a comparison. */
const largeBytes = 1 << 20;

/**
 * Compares an output with an answer, as a problem asks for it. Output of any size and of any
 * malice costs linear time and no more memory than a few times what there is to compare; regular
 * expressions, for which nobody can promise that, and what is large have a thread of their own.
 */
export const compareBy = async (
  comparator: Comparator,
  answer: Uint8Array,
  output: Uint8Array,
): Promise<Comparison> =>
  comparator.kind === "pattern" || answer.length + output.length >= largeBytes
    ? await compareInThread(comparator, answer, output)
    : compareHere(comparator, answer, output);
