import { z } from "zod";
import { JobEventBody, JobPayload, JobResult } from "./job.ts";
import { IsolationFeature } from "./outcome.ts";
import { ImageOffer, LanguageOffer } from "./resources.ts";
import { JobInput } from "./run-options.ts";

/**
 * What a runner and the server say to each other.
 *
 * A lease is one attempt of one job; its number is the fence. Every later call names job and attempt
 * in its path, and is refused with `fence_refused` once another attempt owns the job: then the runner
 * stops the work and discards the result.
 */
export const RegisterRunner = z.strictObject({
  name: z.string().min(1).max(100),
  version: z.string().min(1).max(100),
  slots: z.int().min(1).max(1024),
  /** How fast its machine is beside the reference machine; null = not measured. */
  speedFactor: z.number().positive().nullable().default(null),
  isolation: z.array(IsolationFeature),
  images: z.array(ImageOffer),
  languages: z.array(LanguageOffer),
});
export type RegisterRunner = z.infer<typeof RegisterRunner>;

export const RegisteredRunner = z.object({
  runnerId: z.uuid(),
  /** A lease that hears no beat for so long is given to another runner. */
  leaseSeconds: z.number(),
  beatSeconds: z.number(),
});
export type RegisteredRunner = z.infer<typeof RegisteredRunner>;

export const LeaseRequest = z.strictObject({
  runnerId: z.uuid(),
  /** How many jobs the runner can start now. */
  max: z.int().min(1).max(256),
  /** How long the server may hold the request open when there is nothing to do, s. */
  waitSeconds: z.number().min(0).max(60),
});
export type LeaseRequest = z.infer<typeof LeaseRequest>;

export const LeasedJob = z.object({
  jobId: z.uuid(),
  /** Whose job it is: what a runner keeps of one organization's jobs serves no other's. */
  organizationId: z.uuid(),
  attempt: z.int().min(1),
  correlationId: z.string(),
  payload: JobPayload,
});
export type LeasedJob = z.infer<typeof LeasedJob>;

/** Empty when the wait ended without work. */
export const LeaseResponse = z.object({ jobs: z.array(LeasedJob) });
export type LeaseResponse = z.infer<typeof LeaseResponse>;

export const Attempt = z.strictObject({ jobId: z.uuid(), attempt: z.int().min(1) });
export type Attempt = z.infer<typeof Attempt>;

export const BeatRequest = z.strictObject({ runnerId: z.uuid(), attempts: z.array(Attempt).max(1024) });
export type BeatRequest = z.infer<typeof BeatRequest>;

/** Attempts that this runner must stop now. */
export const BeatResponse = z.object({
  refused: z.array(Attempt),
  cancelled: z.array(Attempt),
});
export type BeatResponse = z.infer<typeof BeatResponse>;

/** `offset` is the number of this attempt's events sent before, so that a repeated call adds nothing. */
export const AppendEvents = z.strictObject({
  offset: z.int().min(0),
  events: z.array(JobEventBody).min(1).max(1000),
});
export type AppendEvents = z.infer<typeof AppendEvents>;

/** Sooner than the next beat: an attempt that tells something hears at once that it is withdrawn. */
export const AppendedEvents = z.object({ cancelled: z.boolean().default(false) });
export type AppendedEvents = z.infer<typeof AppendedEvents>;

/** How an attempt ends: with a result, given back, or cancelled as asked. Events not yet sent come along. */
export const SettleRequest = z.strictObject({
  offset: z.int().min(0),
  events: z.array(JobEventBody).max(1000),
  settlement: z.discriminatedUnion("how", [
    z.strictObject({ how: z.literal("completed"), result: JobResult }),
    z.strictObject({ how: z.literal("failed"), code: z.string().max(64), message: z.string().max(4096) }),
    z.strictObject({
      how: z.literal("released"),
      reason: z.string().max(4096),
      /** Something that the job needs, such as an image, is not here or not sound: another runner may have it. */
      lacking: z.boolean().default(false),
    }),
    z.strictObject({ how: z.literal("cancelled") }),
  ]),
});
export type SettleRequest = z.infer<typeof SettleRequest>;

/** Input of an interactive run after a number; empty when the wait ended without any. */
export const InputResponse = z.object({ inputs: z.array(JobInput) });
export type InputResponse = z.infer<typeof InputResponse>;
