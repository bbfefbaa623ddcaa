import type { JudgePolicy, Limits } from "@assay/contracts";
import type { Language } from "@assay/languages";
import { withOverhead } from "../overhead.ts";
import { testLimits } from "../package/limits.ts";
import type { ProblemLimits } from "../package/types.ts";

/**
 * The limits that are in force for a test.
 *
 * The CPU limit x of the problem becomes factor · x + offset of the language, which is for what its
 * run-time system needs before the program begins, and is divided by the speed factor of the machine
 * where the problem set says so. Memory and processes of the run-time system come on top. Real time grows by three times as much, as it does in `readLimits`.
 *
 * @param timeMs in place of the problem's, where that was measured
 */
export const limitsInForce = (
  limits: ProblemLimits,
  language: Pick<Language, "timing" | "overhead">,
  options: {
    readonly timeMs: number | null;
    readonly policy: Pick<JudgePolicy, "scaleTime">;
    readonly speedFactor: number | null;
  },
): Limits => {
  const { factor, offsetMs } = language.timing ?? { factor: 1, offsetMs: 0 };
  const speed = options.policy.scaleTime ? (options.speedFactor ?? 1) : 1;
  const cpuMs = Math.max(1, Math.round((factor * (options.timeMs ?? limits.timeMs) + offsetMs) / speed));
  const stated = withOverhead(testLimits(limits), language);
  return { ...stated, cpuMs, wallMs: Math.max(cpuMs + 1000, stated.wallMs + 3 * (cpuMs - limits.timeMs)) };
};
