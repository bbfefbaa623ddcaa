import { z } from "zod";
import { Verdict } from "./verdict.ts";

/**
 * What a problem set may decide about judging, beside what the package says.
 *
 * `remap` and `priority` are about what is told and counted; the evidence keeps what was measured.
 */
export const JudgePolicy = z.strictObject({
  /** Verdicts that count as another one: contests of the ICPC take MLE and OLE for RTE. */
  remap: z.partialRecord(Verdict, Verdict).default({}),
  /**
   * The verdict of a submission whose tests failed in several ways is that which stands first here;
   * null = that of the first test that failed. Verdicts that are not named come after those that are.
   */
  priority: z.array(Verdict).max(Verdict.options.length).nullable().default(null),
  /** Output that differs in white space only is PE instead of WA; otherwise as the package asks. */
  presentationErrors: z.boolean().default(false),
  /** How often a result within its measured interference of the time limit is measured again. */
  retimes: z.int().min(0).max(10).default(2),
  /** Tests of one submission that may run at once; null = as many as there are free slots. */
  parallel: z.int().min(1).max(64).nullable().default(null),
  /** Whether time limits are divided by the speed factor of the machine. */
  scaleTime: z.boolean().default(false),
});
export type JudgePolicy = z.infer<typeof JudgePolicy>;

export const standardPolicy: JudgePolicy = {
  remap: {},
  priority: null,
  presentationErrors: false,
  retimes: 2,
  parallel: null,
  scaleTime: false,
};

/** Policies that can be named instead of spelled out. */
export const policyPresets = {
  default: standardPolicy,
  /** Contests of the ICPC know neither MLE nor OLE: both are run-time errors. */
  icpc: { ...standardPolicy, remap: { MLE: "RTE", OLE: "RTE" } },
} as const satisfies Record<string, JudgePolicy>;

export const PolicyPreset = z.enum(["default", "icpc"]);
export type PolicyPreset = z.infer<typeof PolicyPreset>;

export const policyOf = (policy: JudgePolicy | PolicyPreset): JudgePolicy =>
  typeof policy === "string" ? policyPresets[policy] : policy;
