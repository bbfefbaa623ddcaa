import { z } from "zod";
import { Limits } from "./limits.ts";
import { Requirements } from "./isolation.ts";
import { Diagnostic } from "./diagnostics.ts";
import { Evidence, IsolationFeature, Outcome } from "./outcome.ts";
import { JudgePolicy, standardPolicy } from "./policy.ts";
import { RepeatedRun, RunOptions, plainRun } from "./run-options.ts";
import { Fault, Verdict } from "./verdict.ts";
import { VerifyResult } from "./verification.ts";

export const Digest = z.string().regex(/^[0-9a-f]{64}$/, "expected a SHA-256 in lower-case hexadecimal");
export type Digest = z.infer<typeof Digest>;

/** A runner's image by its name there, or by its digest. */
export const ImageReference = z
  .string()
  .max(64)
  .regex(
    /^(?:[0-9a-f]{64}|[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*)$/,
    "expected the name of an image, or its digest: 64 digits in lower-case hexadecimal",
  );

export const JobKind = z.enum(["run", "judge", "verify"]);
export type JobKind = z.infer<typeof JobKind>;

/**
 * `queued → leased → running → completed | failed | cancelled`.
 *
 * `failed` means that the platform gave up (attempts exhausted, with the reason), never that the
 * submission was wrong. The last three are settled and never change.
 */
export const JobState = z.enum(["queued", "leased", "running", "completed", "failed", "cancelled"]);
export type JobState = z.infer<typeof JobState>;
export const isSettled = (state: JobState): boolean =>
  state === "completed" || state === "failed" || state === "cancelled";

/** A source file as the platform carries it: a relative path and its UTF-8 text. */
export const SourceFile = z.object({ path: z.string(), content: z.string() });
export type SourceFile = z.infer<typeof SourceFile>;

/** Where judging a submission stops: at the first test that is not accepted, or after all of them. */
export const JudgeMode = z.enum(["first_failure", "all"]);
export type JudgeMode = z.infer<typeof JudgeMode>;

/** One program with its input, no problem. */
export const RunPayload = z.object({
  kind: z.literal("run"),
  language: z.string(),
  files: z.array(SourceFile).min(1),
  /** Data files beside the sources, base64. */
  dataFiles: z.array(z.object({ path: z.string(), contentBase64: z.string() })),
  args: z.array(z.string()),
  stdinBase64: z.string(),
  limits: Limits,
  /** Otherwise fork fails at the process limit, and the program goes on. */
  stopAtProcessLimit: z.boolean().default(true),
  options: RunOptions.default(plainRun),
  requires: Requirements.default({ isolation: null }),
  /** Name or digest of an image to run in, instead of the language's own. */
  image: ImageReference.optional(),
});
export type RunPayload = z.infer<typeof RunPayload>;

/** A submission against a problem package, which the runner reads as blobs through its manifest. */
export const JudgePayload = z.object({
  kind: z.literal("judge"),
  language: z.string(),
  files: z.array(SourceFile).min(1),
  /** Blob of the package's manifest (see PackageManifest). */
  manifest: Digest,
  mode: JudgeMode,
  /**
   * CPU time per test in ms, where the package states none and it was measured on the machines that
   * judge; null = as the package states it.
   */
  timeMs: z.int().min(1).nullable().default(null),
  policy: JudgePolicy.default(standardPolicy),
  requires: Requirements.default({ isolation: null }),
});
export type JudgePayload = z.infer<typeof JudgePayload>;

/** Checks a problem package by running what it holds: validators, graders, its own submissions. */
export const VerifyPayload = z.object({
  kind: z.literal("verify"),
  /** The language that decides which runner gets it: one that the package itself needs. */
  language: z.string(),
  manifest: Digest,
  shortName: z.string(),
  requires: Requirements.default({ isolation: null }),
});
export type VerifyPayload = z.infer<typeof VerifyPayload>;

export const JobPayload = z.discriminatedUnion("kind", [RunPayload, JudgePayload, VerifyPayload]);
export type JobPayload = z.infer<typeof JobPayload>;

/** The files of a problem package by content: what makes two uploads the same. */
export const PackageManifest = z.object({
  files: z.array(z.object({ path: z.string(), sha256: Digest, size: z.int().min(0) })),
});
export type PackageManifest = z.infer<typeof PackageManifest>;

/** What identifies the software that produced a result, so that it can be produced again. */
export const Provenance = z.object({
  image: z.object({ name: z.string(), digest: Digest }),
  language: z.object({ id: z.string(), version: z.string() }),
  runner: z.string(),
  isolation: z.array(IsolationFeature),
});
export type Provenance = z.infer<typeof Provenance>;

export const CompileReport = z.object({
  succeeded: z.boolean(),
  /** Compiler messages (stdout then stderr), at most the compile output limit. */
  output: z.string(),
  /** True when an earlier identical compilation served: all the rest is what that one said and took. */
  cached: z.boolean(),
  outcome: Outcome,
  /** The messages taken apart, as far as somebody knows how the compiler writes them. */
  diagnostics: z.array(Diagnostic).default([]),
});
export type CompileReport = z.infer<typeof CompileReport>;

/** Bytes for people: text where it is UTF-8, and always the exact bytes. */
export const CapturedOutput = z.object({
  /** Decoded as UTF-8; undecodable bytes become U+FFFD and `exact` is false. */
  text: z.string(),
  exact: z.boolean(),
  /** The exact bytes, only when `text` is not exact. */
  base64: z.string().nullable(),
});
export type CapturedOutput = z.infer<typeof CapturedOutput>;

export const RunResult = z.object({
  kind: z.literal("run"),
  compile: CompileReport.nullable(),
  /** Null when compilation failed. */
  outcome: Outcome.nullable(),
  stdout: CapturedOutput,
  stderr: CapturedOutput,
  /** Why the program failed, as far as its standard error or its end tell. */
  diagnostics: z.array(Diagnostic).default([]),
  /** Both streams in the order in which their pieces came; null unless the run was watched live. */
  interleaved: CapturedOutput.nullable().default(null),
  /** What each run took, where several were asked for; the rest of the result is that of the last. */
  repeats: z.array(RepeatedRun).default([]),
  evidence: Evidence,
  provenance: Provenance,
});
export type RunResult = z.infer<typeof RunResult>;

/** One more measurement of a test whose result was too close to its time limit to be trusted. */
export const TimingRun = z.object({
  cpuMs: z.number(),
  wallMs: z.number(),
  verdict: Verdict,
  /** Share of the run in which something else kept it from a processor or took one, 0 to 1. */
  interference: z.number(),
});
export type TimingRun = z.infer<typeof TimingRun>;

export const TestTiming = z.object({
  /** In the order in which they ran; the first is the one that was in doubt. */
  runs: z.array(TimingRun),
  /** Largest minus smallest CPU time, ms. */
  spreadMs: z.number(),
  /** Why the verdict is what it is, in a sentence. */
  decision: z.string(),
});
export type TestTiming = z.infer<typeof TestTiming>;

export const TestResult = z.object({
  /** Path below data/ without extension, for example "secret/03-large"; "secret/static" for a static validator. */
  name: z.string(),
  verdict: Verdict,
  fault: Fault.nullable(),
  cpuMs: z.number(),
  wallMs: z.number(),
  memoryBytes: z.number(),
  evidence: Evidence,
  /** Points; null where the test gives none (pass-fail problems, samples of 2025-09, not accepted yet). */
  score: z.number().nullable().default(null),
  /** What the test could give; null = without bound, or none. */
  maxScore: z.number().nullable().default(null),
  /** Of TLE: which clock ran out. */
  timeCause: z.enum(["cpu", "wall", "idle"]).nullable().default(null),
  /** Passes of a multi-pass problem; 1 otherwise, 0 when skipped. */
  passes: z.int().default(1),
  /** The test whose result this is, because both give a program the same; null = it ran itself. */
  sameAs: z.string().nullable().default(null),
  /** What the output validator says to whoever submitted (teammessage.txt). */
  teamMessage: z.string().nullable().default(null),
  /** What it says to the author (judgemessage.txt); only for who may see secret answers. */
  judgeMessage: z.string().nullable().default(null),
  /** Why the submission failed, at most one; empty where what it says may not be shown. */
  diagnostics: z.array(Diagnostic).default([]),
  /** Null when one run was enough. */
  timing: TestTiming.nullable().default(null),
});
export type TestResult = z.infer<typeof TestResult>;

/** What one group of tests gave. */
export const GroupResult = z.object({
  /** Path below data/: "" (all of it, legacy only), "sample", "secret", "secret/2-large". */
  name: z.string(),
  verdict: Verdict,
  /** Null in a problem without scoring. */
  score: z.number().nullable(),
  maxScore: z.number().nullable(),
  /** Tests of the group and the groups in it. */
  total: z.int(),
  passed: z.int(),
  /** Why it was not run, or how its score came about; null where the verdict says it all. */
  reason: z.string().nullable(),
});
export type GroupResult = z.infer<typeof GroupResult>;

export const JudgeResult = z.object({
  kind: z.literal("judge"),
  verdict: Verdict,
  fault: Fault.nullable(),
  /** Of a scoring problem; null otherwise. */
  score: z.number().nullable().default(null),
  /** Null = without bound, or no scoring. */
  maxScore: z.number().nullable().default(null),
  passed: z.int(),
  /** Tests of the package, with what static validators say; `tests` is empty when none was judged. */
  total: z.int(),
  /** In the order of the package. */
  tests: z.array(TestResult),
  /** From the outside in, in the order of the package; empty where the package has no groups. */
  groups: z.array(GroupResult).default([]),
  /** Largest over the tests that ran. */
  cpuMs: z.number(),
  wallMs: z.number(),
  memoryBytes: z.number(),
  compile: CompileReport.nullable(),
  /** How fast the machine is beside the reference machine (1.0; 2.0 is twice as fast); null = not measured. */
  speedFactor: z.number().positive().nullable().default(null),
  evidence: Evidence,
  provenance: Provenance.nullable(),
});
export type JudgeResult = z.infer<typeof JudgeResult>;

export const JobResult = z.discriminatedUnion("kind", [RunResult, JudgeResult, VerifyResult]);
export type JobResult = z.infer<typeof JobResult>;

/** Why the platform gave up on a job. */
export const JobFailure = z.object({ code: z.string(), message: z.string() });
export type JobFailure = z.infer<typeof JobFailure>;

/** What a runner does about an image that it lacks. */
export const ImageProgress = z.enum([
  "waiting",
  "fetching",
  "unpacking",
  "checking",
  "building",
  "ready",
  "failed",
]);
export type ImageProgress = z.infer<typeof ImageProgress>;

/** One line of a job's live story. The server numbers events per job from 1 without gaps. */
export const JobEventBody = z.discriminatedUnion("type", [
  z.object({ type: z.literal("state"), state: JobState, attempt: z.int(), reason: z.string().nullable() }),
  z.object({ type: z.literal("compile"), report: CompileReport }),
  z.object({ type: z.literal("test"), result: TestResult, done: z.int(), total: z.int() }),
  z.object({ type: z.literal("group"), result: GroupResult }),
  /** How far a verification has come: which check did what last. */
  z.object({
    type: z.literal("progress"),
    check: z.string(),
    subject: z.string(),
    done: z.int(),
    total: z.int(),
  }),
  /** The runner lacks an image that the job needs, and gets it. */
  z.object({
    type: z.literal("image"),
    name: z.string(),
    /** Of the language that waits for it, as it was published; null = not known before it is there. */
    version: z.string().nullable(),
    /** Null = not known before it is built. */
    digest: Digest.nullable(),
    state: ImageProgress,
    /** Bytes fetched, unpacked and checked, together; `total` null = nobody knows. */
    done: z.int().min(0),
    total: z.int().min(0).nullable(),
    /** What is being done, or why it failed. */
    message: z.string(),
  }),
  z.object({ type: z.literal("output"), stream: z.enum(["stdout", "stderr"]), text: z.string() }),
]);
export type JobEventBody = z.infer<typeof JobEventBody>;

export const JobEvent = z.object({
  seq: z.int().min(1),
  at: z.iso.datetime(),
  body: JobEventBody,
});
export type JobEvent = z.infer<typeof JobEvent>;
