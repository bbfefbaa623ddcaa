import { z } from "zod";
import { Digest } from "./job.ts";
import { IsolationFeature } from "./outcome.ts";

/** What one probe of a language gave. */
export const ProbeResult = z.object({
  name: z.string(),
  status: z.enum(["passed", "failed", "skipped"]),
  /** What it did instead, or why the probe says nothing of this language; null when passed. */
  reason: z.string().nullable(),
});
export type ProbeResult = z.infer<typeof ProbeResult>;

/** What starting its hello program takes. Times in ms, medians; memory in bytes. */
export const StartUpCost = z.object({
  /** Below the image's root without a box, from fork to exit; null where that could not be measured. */
  bareMs: z.number().nullable(),
  /** In a box, from fork to exit. */
  boxMs: z.number(),
  /** In a box, from the request to the answer. */
  roundTripMs: z.number(),
  cpuMs: z.number(),
  memoryBytes: z.number(),
  processes: z.int(),
  /** Of the compilation or check, in a box; null where there is none. */
  compileMs: z.number().nullable(),
});
export type StartUpCost = z.infer<typeof StartUpCost>;

/** What became of a language's probes on one machine, with one image. */
export const LanguageReport = z.object({
  language: z.string(),
  /** As the tools in the image report it; null when they did not answer. */
  version: z.string().nullable(),
  image: z.object({ name: z.string(), digest: Digest }),
  /** Of the commands and the probe programs: with others the report says nothing. */
  definition: Digest,
  machine: z.string(),
  isolation: z.array(IsolationFeature),
  at: z.iso.datetime(),
  passed: z.boolean(),
  probes: z.array(ProbeResult),
  startUp: StartUpCost.nullable(),
});
export type LanguageReport = z.infer<typeof LanguageReport>;

/** A report as an offer carries it. */
export const LanguageTest = LanguageReport.pick({ at: true, passed: true, probes: true });
export type LanguageTest = z.infer<typeof LanguageTest>;

/**
 * A report as lists carry it: the probes of the list that are neither failed nor skipped passed. Skipped
 * are those that say nothing of the language, and those that its runner does not have.
 */
export const LanguageTestSummary = z.object({
  at: LanguageTest.shape.at,
  passed: z.boolean(),
  failed: z.array(ProbeResult.pick({ name: true, reason: true })),
  skipped: z.array(z.string()),
});
export type LanguageTestSummary = z.infer<typeof LanguageTestSummary>;
