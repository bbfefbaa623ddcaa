import { kernels, referenceMs } from "./kernels.ts";
import type { Kernel } from "./kernels.ts";

/** CPU times of one kernel, ms; whatever disturbs a run only makes it longer. */
export type Measured = Readonly<Record<Kernel, readonly number[]>>;

/**
 * How fast a machine is beside the reference machine: 2 = twice as fast. The geometric mean over the
 * kernels, so that none counts more because it takes longer; of each the fastest run.
 *
 * @returns null when a kernel was not measured
 */
export const speedFactorOf = (measured: Measured): number | null => {
  let product = 1;
  for (const kernel of kernels) {
    const fastest = Math.min(...measured[kernel]);
    if (!Number.isFinite(fastest) || fastest <= 0) return null;
    product *= referenceMs[kernel] / fastest;
  }
  return Number((product ** (1 / kernels.length)).toPrecision(3));
};
