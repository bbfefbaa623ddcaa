import type { JobPayload, RunnerStatus, VerifyResult } from "@assay/contracts";
import { execute, queryMaybe } from "@assay/database";
import type { Transaction } from "@assay/database";
import type { ProblemPackage } from "@assay/judging";
import { JobState } from "@assay/contracts";
import { z } from "zod";
import type { Caller } from "../access/policy.ts";
import { queueName, queuePriority } from "../jobs/queue-name.ts";
import { createJobs } from "../jobs/state-machine.ts";
import { availabilityOf } from "../runners/availability.ts";
import type { Services } from "../services.ts";
import { storableJson } from "../storable.ts";
import { sql } from "./problems.ts";
import { currentState, VerificationState } from "./verification-state.ts";

const Standing = z.object({ verification: VerificationState, jobState: JobState.nullable() });

/**
 * Starts the verification of a problem within the transaction of its upload, unless one is done or
 * under way.
 *
 * @returns the queue in which it waits, for the hub; null when there was nothing to start
 */
export const startVerification = async (
  tx: Transaction,
  { config, queue }: Pick<Services, "config" | "queue">,
  { organizationId, tokenId }: Caller,
  problem: {
    readonly id: string;
    readonly manifest: string;
    readonly parsed: ProblemPackage;
    /** Those of the organization. */
    readonly runners: readonly RunnerStatus[];
    readonly correlationId: string;
  },
): Promise<string | null> => {
  if (!config.verifyUploads) return null;
  const key = { problemId: problem.id, organizationId };
  const standing = await queryMaybe(tx, Standing, sql.lockVerification, key);
  if (standing === null || currentState(standing) !== "unverified") return null;
  const language = languageFor(problem.parsed, (id) => availabilityOf(id, problem.runners).available);
  const name = queueName(organizationId, language);
  const payload: JobPayload = {
    kind: "verify",
    language,
    manifest: problem.manifest,
    shortName: problem.parsed.shortName,
    requires: { isolation: null },
  };
  const [created] = await createJobs(
    tx,
    [
      {
        organizationId,
        createdBy: tokenId,
        correlationId: problem.correlationId,
        queue: name,
        kind: "verify",
        language,
        payload: JSON.stringify(payload),
        problemId: null,
      },
    ],
    config.maxAttempts,
  );
  if (created === undefined) throw new Error("the verification was not stored");
  await queue.enqueue(tx, [{ jobId: created.jobId, queue: name, priority: queuePriority.verification }]);
  await execute(tx, sql.startVerification, { ...key, jobId: created.jobId });
  return name;
};

/**
 * A language that the package itself needs: a runner that lacks it could not verify much. Of submissions
 * one that can be run now, because one in a language that no machine here has is only left out.
 */
const languageFor = (
  { outputValidators, inputValidators, submissions }: ProblemPackage,
  isAvailable: (language: string) => boolean,
): string => {
  const programs = [
    ...outputValidators,
    ...inputValidators.flatMap((each) => (each.kind === "program" ? [each.program] : [])),
  ];
  for (const { kind } of programs) if (kind.how === "language") return kind.language;
  const accepted = submissions.filter(({ directory }) => directory === "accepted");
  const languages = [...accepted, ...submissions].flatMap(({ language }) => language ?? []);
  return languages.find(isAvailable) ?? languages[0] ?? "python";
};

/** Copies what a verification found to its problem, in the transaction that completes the job. */
export const storeVerification = async (
  tx: Transaction,
  { organizationId, jobId }: { readonly organizationId: string; readonly jobId: string },
  { accepted, findings, submissions, timeLimit }: VerifyResult,
): Promise<void> => {
  await execute(tx, sql.storeVerification, {
    organizationId,
    jobId,
    accepted,
    result: storableJson({ findings, submissions, timeLimit }),
    measuredTimeMs: timeLimit?.source === "measured" ? timeLimit.ms : null,
  });
};
