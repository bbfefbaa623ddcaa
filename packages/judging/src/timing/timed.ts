import type { Limits } from "@assay/contracts";
import type { JudgedTest } from "../judged-test.ts";
import { decided, needsAnotherRun } from "./decide.ts";
import type { Gate } from "./gate.ts";

/**
 * Judges a test, and again alone, up to `retimes` times, while its result lies so close to its time
 * limit that the machine rather than the program may have decided it.
 */
export const judgeTimed = async (options: {
  readonly limits: Limits;
  readonly retimes: number;
  readonly gate: Gate;
  readonly signal: AbortSignal;
  readonly judge: () => Promise<JudgedTest>;
}): Promise<JudgedTest> => {
  const { limits, retimes, gate, signal, judge } = options;
  const once = async (): Promise<JudgedTest> => {
    signal.throwIfAborted();
    return judge();
  };
  const runs = [await gate.together(once)];
  while (runs.length <= retimes && needsAnotherRun(runs, limits)) runs.push(await gate.alone(once));
  return decided(runs, limits);
};
