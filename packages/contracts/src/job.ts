import { z } from "zod";
import { Limits } from "./limits.ts";
import { Requirements } from "./isolation.ts";
import { Evidence, IsolationFeature, Outcome } from "./outcome.ts";
import { Fault, Verdict } from "./verdict.ts";

export const Digest = z.string().regex(/^[0-9a-f]{64}$/, "expected a SHA-256 in lower-case hexadecimal");
export type Digest = z.infer<typeof Digest>;

export const JobKind = z.enum(["run", "judge"]);
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
  requires: Requirements.default({ isolation: null }),
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
  requires: Requirements.default({ isolation: null }),
});
export type JudgePayload = z.infer<typeof JudgePayload>;

export const JobPayload = z.discriminatedUnion("kind", [RunPayload, JudgePayload]);
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
  /** True when an earlier identical compilation served. */
  cached: z.boolean(),
  outcome: Outcome,
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
  evidence: Evidence,
  provenance: Provenance,
});
export type RunResult = z.infer<typeof RunResult>;

export const TestResult = z.object({
  /** Path below data/ without extension, for example "secret/03-large". */
  name: z.string(),
  verdict: Verdict,
  fault: Fault.nullable(),
  cpuMs: z.number(),
  wallMs: z.number(),
  memoryBytes: z.number(),
  evidence: Evidence,
});
export type TestResult = z.infer<typeof TestResult>;

export const JudgeResult = z.object({
  kind: z.literal("judge"),
  verdict: Verdict,
  fault: Fault.nullable(),
  passed: z.int(),
  /** Tests of the package; more than `tests.length` when judging stopped early. */
  total: z.int(),
  /** In the order of the package. */
  tests: z.array(TestResult),
  /** Largest over the tests that ran. */
  cpuMs: z.number(),
  wallMs: z.number(),
  memoryBytes: z.number(),
  compile: CompileReport.nullable(),
  evidence: Evidence,
  provenance: Provenance.nullable(),
});
export type JudgeResult = z.infer<typeof JudgeResult>;

export const JobResult = z.discriminatedUnion("kind", [RunResult, JudgeResult]);
export type JobResult = z.infer<typeof JobResult>;

/** Why the platform gave up on a job. */
export const JobFailure = z.object({ code: z.string(), message: z.string() });
export type JobFailure = z.infer<typeof JobFailure>;

/** One line of a job's live story. The server numbers events per job from 1 without gaps. */
export const JobEventBody = z.discriminatedUnion("type", [
  z.object({ type: z.literal("state"), state: JobState, attempt: z.int(), reason: z.string().nullable() }),
  z.object({ type: z.literal("compile"), report: CompileReport }),
  z.object({ type: z.literal("test"), result: TestResult, done: z.int(), total: z.int() }),
  z.object({ type: z.literal("output"), stream: z.enum(["stdout", "stderr"]), text: z.string() }),
]);
export type JobEventBody = z.infer<typeof JobEventBody>;

export const JobEvent = z.object({
  seq: z.int().min(1),
  at: z.iso.datetime(),
  body: JobEventBody,
});
export type JobEvent = z.infer<typeof JobEvent>;
