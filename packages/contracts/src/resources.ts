import { z } from "zod";
import {
  Digest,
  ImageReference,
  JobEvent,
  JobFailure,
  JobKind,
  JobResult,
  JobState,
  JudgeMode,
  JudgeResult,
  RunResult,
} from "./job.ts";
import { LanguageTest, LanguageTestSummary } from "./language-report.ts";
import { IsolationLevel, leastIsolation, Requirements } from "./isolation.ts";
import { Limits } from "./limits.ts";
import { IsolationFeature } from "./outcome.ts";
import { ProblemVerification } from "./verification.ts";
import { Verdict } from "./verdict.ts";

const Id = z.uuid();
const Timestamp = z.iso.datetime();

/** RFC 9457 problem details, with the catalogue's code and where in the input it hurts. */
export const ProblemDetails = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  fault: z.enum(["client", "platform"]),
  issues: z.array(z.object({ where: z.string(), line: z.int().nullable(), message: z.string() })),
  correlationId: z.string(),
});
export type ProblemDetails = z.infer<typeof ProblemDetails>;

/** A problem as it was uploaded last under its short name. */
export const Problem = z.object({
  id: Id,
  shortName: z.string(),
  name: z.string(),
  formatVersion: z.string(),
  /** SHA-256 of the package's manifest: equal packages have equal digests. */
  packageDigest: Digest,
  limits: z.object({
    /** Where the package states none: as measured, or a stand-in until it was. */
    timeMs: z.int(),
    wallMs: z.int(),
    memoryBytes: z.int(),
    outputBytes: z.int(),
    codeBytes: z.int(),
  }),
  tests: z.object({ sample: z.int(), secret: z.int() }),
  /** "all", or the ids of the languages that the package allows. */
  languages: z.union([z.literal("all"), z.array(z.string())]),
  warnings: z.array(z.string()),
  /** What checking the package by running it gave. */
  verification: ProblemVerification,
  createdAt: Timestamp,
});
export type Problem = z.infer<typeof Problem>;

/** A source file in a request: text, or base64 of text for callers who can't escape. */
const SourceInput = z.strictObject({
  path: z.string().min(1).max(255),
  content: z.string(),
  encoding: z.enum(["utf8", "base64"]).default("utf8"),
});

const sourceFields = {
  language: z.string().min(1).max(64),
  /** Shorthand for one file with the language's usual name. */
  source: z.string().optional(),
  files: z.array(SourceInput).min(1).max(64).optional(),
};
const oneSource = (value: { source?: unknown; files?: unknown }) =>
  (value.source === undefined) !== (value.files === undefined);
const oneSourceMessage = { message: "give either `source` or `files`", path: ["source"] };

export const NewSubmission = z
  .strictObject({
    ...sourceFields,
    /** Id, or short name (its newest version); in a problem set also its label there. */
    problem: z.string().min(1).max(255),
    /** Id or name of the problem set that it is submitted in, whose policy then counts. */
    problemSet: z.string().min(1).max(255).nullable().default(null),
    mode: JudgeMode.default("first_failure"),
    requires: Requirements.default({ isolation: null }),
  })
  .refine(oneSource, oneSourceMessage);
export type NewSubmission = z.input<typeof NewSubmission>;

export const NewRun = z
  .strictObject({
    ...sourceFields,
    args: z.array(z.string().max(4096)).max(256).default([]),
    stdin: z.string().default(""),
    stdinEncoding: z.enum(["utf8", "base64"]).default("utf8"),
    /** Files that the program finds in its working directory. */
    dataFiles: z
      .array(
        z.strictObject({
          path: z.string().min(1).max(255),
          content: z.string(),
          encoding: z.enum(["utf8", "base64"]).default("utf8"),
        }),
      )
      .max(256)
      .default([]),
    requires: Requirements.default({ isolation: null }),
    limits: Limits.partial().default({}),
    /** False: at the process limit fork fails, and the program goes on. */
    stopAtProcessLimit: z.boolean().default(true),
    /** An image to run in instead of the language's own; a runner must have it. */
    image: ImageReference.optional(),
  })
  .refine(oneSource, oneSourceMessage);
export type NewRun = z.input<typeof NewRun>;

const jobFields = {
  id: Id,
  kind: JobKind,
  state: JobState,
  /** The number of the latest lease; 0 before the first. */
  attempt: z.int(),
  /** Why it is not running yet, in words; null when it is, or is settled. */
  waitingFor: z.string().nullable(),
  failure: JobFailure.nullable(),
  /** Of a judged one, also where a list leaves a large result out. */
  verdict: Verdict.nullable().default(null),
  score: z.number().nullable().default(null),
  correlationId: z.string(),
  createdAt: Timestamp,
  startedAt: Timestamp.nullable(),
  finishedAt: Timestamp.nullable(),
};

export const Job = z.object({ ...jobFields, result: JobResult.nullable() });
export type Job = z.infer<typeof Job>;

export const Submission = z.object({
  id: Id,
  problem: z.object({ id: Id, shortName: z.string() }),
  problemSet: z.object({ id: Id, name: z.string() }).nullable().default(null),
  language: z.string(),
  createdAt: Timestamp,
  job: z.object({ ...jobFields, result: JudgeResult.nullable() }),
});
export type Submission = z.infer<typeof Submission>;

/** A run is its job. */
export const Run = z.object({ ...jobFields, language: z.string(), result: RunResult.nullable() });
export type Run = z.infer<typeof Run>;

/** A language on one of the runners that are alive. */
export const LanguageOnRunner = z.object({
  runner: z.string(),
  available: z.boolean(),
  version: z.string().nullable(),
  image: z.object({ name: z.string(), digest: Digest.nullable() }),
  /** What became of its probes there; null when only its version was asked for. */
  test: LanguageTestSummary.nullable(),
  /** Why it is not available there. */
  reason: z.string().nullable(),
});
export type LanguageOnRunner = z.infer<typeof LanguageOnRunner>;

export const LanguageStatus = z.object({
  id: z.string(),
  /** What stands before the @ of a selector. */
  family: z.string(),
  /** Series of its tools. */
  release: z.string(),
  name: z.string(),
  aliases: z.array(z.string()),
  extensions: z.array(z.string()),
  /** File name for a source without one. */
  defaultSource: z.string(),
  /** Id of the grammar that colours it, as in GitHub's list of languages. */
  highlighting: z.string(),
  translation: z.enum(["compiled", "checked", "interpreted"]),
  /** What an editor begins with, and the program that greets the world; null where there is none. */
  template: z.string().nullable(),
  hello: z.string().nullable(),
  /** True when a runner that is alive can run it now. */
  available: z.boolean(),
  /** As the tools in the image report it; null when no runner offers it. */
  version: z.string().nullable(),
  image: z.object({ name: z.string(), digest: Digest.nullable() }),
  /** Why it is not available. */
  reason: z.string().nullable(),
  runners: z.array(LanguageOnRunner),
});
export type LanguageStatus = z.infer<typeof LanguageStatus>;

export const LanguageList = z.object({
  /** Names of all probes that the runners have made. */
  probes: z.array(z.string()),
  items: z.array(LanguageStatus),
});
export type LanguageList = z.infer<typeof LanguageList>;

/** A language with every probe on every runner, and the reasons. */
export const LanguageDetail = LanguageStatus.extend({
  runners: z.array(LanguageOnRunner.extend({ test: LanguageTest.nullable() })),
});
export type LanguageDetail = z.infer<typeof LanguageDetail>;

export const ImageOffer = z.object({
  name: z.string(),
  digest: Digest.nullable(),
  /** `fetchable`: missing, and fetched (or built) when a job needs it; `reason` says from where. */
  state: z.enum(["ready", "missing", "damaged", "building", "fetchable"]),
  reason: z.string().nullable(),
});
export type ImageOffer = z.infer<typeof ImageOffer>;

export const LanguageOffer = z.object({
  id: z.string(),
  available: z.boolean(),
  version: z.string().nullable(),
  image: z.string(),
  reason: z.string().nullable(),
  /** The isolation that its programs can run with there; a runner that does not say has boxes. */
  levels: z.array(IsolationLevel).default([leastIsolation]),
  test: LanguageTest.nullable().default(null),
});
export type LanguageOffer = z.infer<typeof LanguageOffer>;

export const RunnerStatus = z.object({
  id: Id,
  name: z.string(),
  version: z.string(),
  alive: z.boolean(),
  slots: z.int(),
  /** How fast its machine is beside the reference machine (2.0 is twice as fast); null = not measured. */
  speedFactor: z.number().positive().nullable().default(null),
  isolation: z.array(IsolationFeature),
  images: z.array(ImageOffer),
  languages: z.array(LanguageOffer),
  /** Jobs leased to it now. */
  activeJobs: z.int(),
  lastSeenAt: Timestamp,
  registeredAt: Timestamp,
});
export type RunnerStatus = z.infer<typeof RunnerStatus>;

/** As it is listed; what became of the probes is told by language. */
export const ListedRunner = RunnerStatus.extend({
  languages: z.array(LanguageOffer.omit({ test: true })),
});
export type ListedRunner = z.infer<typeof ListedRunner>;

export const TokenRole = z.enum(["owner", "maintainer", "teacher", "learner", "runner"]);
export type TokenRole = z.infer<typeof TokenRole>;

export const Token = z.object({
  id: Id,
  name: z.string(),
  role: TokenRole,
  createdAt: Timestamp,
  revokedAt: Timestamp.nullable(),
});
export type Token = z.infer<typeof Token>;

/** The secret is shown once, at creation; only its SHA-256 is kept. */
export const NewToken = z.strictObject({ name: z.string().min(1).max(100), role: TokenRole });
export type NewToken = z.infer<typeof NewToken>;
export const CreatedToken = Token.extend({ secret: z.string() });
export type CreatedToken = z.infer<typeof CreatedToken>;

export const Page = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

export const Health = z.object({
  status: z.enum(["ok", "unavailable"]),
  /** One entry per dependency; `message` says what is missing and what to do. */
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), message: z.string() })),
});
export type Health = z.infer<typeof Health>;

export const EventPage = z.object({ events: z.array(JobEvent) });
