import { AssayError, JudgePayload, JudgePolicy, policyOf, standardPolicy } from "@assay/contracts";
import type { NewRejudging, SubmissionSelection } from "@assay/contracts";
import { execute, loadSql, query, queryOne } from "@assay/database";
import type { Transaction } from "@assay/database";
import { z } from "zod";
import type { Caller } from "../access/policy.ts";
import { queueName, queuePriority } from "../jobs/queue-name.ts";
import { createJobs } from "../jobs/state-machine.ts";
import type { NewJob } from "../jobs/state-machine.ts";
import { submissionFilter } from "../jobs/submission-filter.ts";
import { findProblem } from "../problems/problems.ts";
import type { ProblemRow } from "../problems/problems.ts";
import { requireJudgeable } from "../problems/verification-state.ts";
import type { Services } from "../services.ts";
import { completePlan, insertPlan } from "./plan.ts";

/** Submissions of one plan at most: it is made, applied and rolled back in one transaction. */
const maxSubmissions = 20_000;
/** Jobs that are made with one statement; their sources are in memory at once. */
const batchSize = 50;
const beforeEverything = "00000000-0000-0000-0000-000000000000";

export const sql = loadSql(import.meta.url, "./items.sql", [
  "chooseSubmissions",
  "unknownSubmissions",
  "versionsOf",
  "nextItems",
  "setNewJobs",
  "openJobs",
  "countBlocked",
  "applyItems",
  "rollBackItems",
  "staleItems",
]);

const Chosen = z.object({ count: z.int(), problems: z.int(), shortName: z.string().nullable() });
const Id = z.object({ id: z.uuid() });
const Item = z.object({
  submissionId: z.uuid(),
  problemId: z.uuid(),
  payload: JudgePayload,
  policy: JudgePolicy.nullable(),
});
type Item = z.infer<typeof Item>;

type Body = z.output<typeof NewRejudging>;

/**
 * Makes a plan: chooses submissions and queues a new job for each, behind all that is submitted. It
 * stands with all of its jobs or not at all, and nothing that is shown of a submission changes.
 *
 * @returns its id
 * @throws AssayError `unknown_problem`, `unknown_problem_set`, `nothing_selected`, `invalid_request`,
 * `problem_refused`, `problem_not_measured`
 */
export async function createRejudging(
  services: Services,
  caller: Caller,
  body: Body,
  correlationId: string,
): Promise<string> {
  const { config, database, hub } = services;
  const { organizationId } = caller;
  const against = body.against === null ? null : await requireProblem(services, caller, body.against);
  const policy = body.policy === null ? null : policyOf(body.policy);
  const filter = await submissionFilter(database, organizationId, body.selection);
  const queues = new Set<string>();
  const id = await database.transaction(async (tx) => {
    queues.clear();
    const { reason, selection, timeMs } = body;
    const planId = await insertPlan(tx, caller, {
      reason,
      selection,
      timeMs,
      policy,
      against: against?.id ?? null,
    });
    const chosen = await queryOne(tx, Chosen, sql.chooseSubmissions, {
      ...filter,
      organizationId,
      id: planId,
      against: against?.id ?? null,
      submissionIds: selection.submissions ?? null,
      limit: maxSubmissions + 1,
    });
    await requireFitting(tx, organizationId, selection, chosen, against?.shortName ?? null);
    await completePlan(tx, planId, chosen.count);
    const versions = await versionsOf(tx, organizationId, planId, {
      timeMs,
      verifyUploads: config.verifyUploads,
    });
    const settings = { policy, correlationId, versions };
    for await (const queue of queueJobs(services, tx, caller, planId, settings)) queues.add(queue);
    return planId;
  });
  for (const queue of queues) hub.queueFilled(queue);
  return id;
}

async function requireProblem({ database }: Services, { organizationId }: Caller, asked: string) {
  const problem = await findProblem(database, organizationId, asked);
  if (problem !== null) return problem;
  throw new AssayError("unknown_problem", `There is no problem ${JSON.stringify(asked)} here.`);
}

async function requireFitting(
  tx: Transaction,
  organizationId: string,
  { submissions }: SubmissionSelection,
  { count, problems, shortName }: z.infer<typeof Chosen>,
  against: string | null,
): Promise<void> {
  if (submissions !== undefined) {
    const params = { organizationId, submissionIds: submissions };
    const unknown = await query(tx, Id, sql.unknownSubmissions, params);
    if (unknown.length > 0)
      throw new AssayError("invalid_request", `There is no submission ${unknown[0]?.id} here.`, {
        issues: unknown.map(({ id }) => ({
          where: "body/selection/submissions",
          line: null,
          message: `there is no submission ${id} here`,
        })),
      });
  }
  if (count === 0)
    throw new AssayError("nothing_selected", "No submission fits the selection, or all were withdrawn.");
  if (count > maxSubmissions)
    throw new AssayError(
      "invalid_request",
      `The selection has more than ${maxSubmissions} submissions; make several plans, for example by time.`,
    );
  if (against !== null && (problems !== 1 || shortName !== against))
    throw new AssayError(
      "invalid_request",
      `body/against: it is a version of ${against}, and the selection has submissions to other problems; select only those to ${against}.`,
    );
}

/** What the jobs of one version of a problem are judged with. */
interface Version {
  readonly manifest: string;
  readonly timeMs: number | null;
}

/**
 * The versions that a plan judges with, by their ids: one look for each problem.
 *
 * @throws AssayError `problem_refused`, `problem_not_measured`
 */
async function versionsOf(
  tx: Transaction,
  organizationId: string,
  id: string,
  { timeMs, verifyUploads }: { readonly timeMs: number | null; readonly verifyUploads: boolean },
): Promise<ReadonlyMap<string, Version>> {
  const versions = new Map<string, Version>();
  for (const version of await query(tx, Id, sql.versionsOf, { id })) {
    const problem = await findProblem(tx, organizationId, version.id);
    if (problem === null) throw new Error(`problem ${version.id} is gone`);
    versions.set(problem.id, { manifest: problem.manifest, timeMs: timeOf(problem, timeMs, verifyUploads) });
  }
  return versions;
}

/** A package that did not pass judges nothing; a time limit that was not measured can be given. */
function timeOf(problem: ProblemRow, given: number | null, verifyUploads: boolean): number | null {
  if (given === null) return requireJudgeable(problem, { mayRead: true, verifyUploads });
  requireJudgeable({ ...problem, measuredTimeMs: given }, { mayRead: true, verifyUploads });
  return given;
}

interface Settings {
  readonly versions: ReadonlyMap<string, Version>;
  readonly policy: JudgePolicy | null;
  readonly correlationId: string;
}

/** Makes the jobs of a plan batch by batch. Yields the queues that they wait in. */
async function* queueJobs(
  { config, queue }: Services,
  tx: Transaction,
  { organizationId, tokenId }: Caller,
  id: string,
  settings: Settings,
): AsyncGenerator<string> {
  for (let after = beforeEverything; ;) {
    const items = await query(tx, Item, sql.nextItems, { id, after, limit: batchSize });
    const last = items.at(-1);
    if (last === undefined) return;
    after = last.submissionId;
    const jobs = items.map((item): NewJob => {
      const payload = payloadOf(item, settings);
      return {
        organizationId,
        createdBy: tokenId,
        correlationId: settings.correlationId,
        queue: queueName(organizationId, payload.language, payload.requires.isolation),
        kind: "judge",
        language: payload.language,
        payload: JSON.stringify(payload),
        // The submission is there already; it goes on to show its old job.
        problemId: null,
        problemSetId: null,
      };
    });
    const created = await createJobs(tx, jobs, config.maxAttempts);
    await execute(tx, sql.setNewJobs, {
      id,
      submissionIds: items.map(({ submissionId }) => submissionId),
      jobIds: created.map(({ jobId }) => jobId),
    });
    await queue.enqueue(
      tx,
      created.map(({ jobId }, index) => ({
        jobId,
        queue: jobs[index]?.queue ?? "",
        priority: queuePriority.rejudging,
      })),
    );
    yield* new Set(jobs.map((job) => job.queue));
  }
}

/** The same program and mode; package, policy and time limit as for a submission that is sent now. */
function payloadOf({ payload, problemId, policy }: Item, settings: Settings): JudgePayload {
  const version = settings.versions.get(problemId);
  if (version === undefined) throw new Error(`problem ${problemId} is not in the plan`);
  return { ...payload, ...version, policy: settings.policy ?? policy ?? standardPolicy };
}
