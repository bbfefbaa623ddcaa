import type { Limits } from "@assay/contracts";
import type { Language } from "@assay/languages";

/** Limits with what the run-time system of the language takes besides the program. */
export const withOverhead = (limits: Limits, { overhead }: Pick<Language, "overhead">): Limits =>
  overhead === undefined
    ? limits
    : {
        ...limits,
        memoryBytes: limits.memoryBytes + overhead.memoryBytes,
        processes: limits.processes + overhead.processes,
      };

/** What is left for the program itself of a memory limit with the overhead, bytes. */
export const memoryOfProgram = (limits: Limits, { overhead }: Pick<Language, "overhead">): number =>
  limits.memoryBytes - (overhead?.memoryBytes ?? 0);
