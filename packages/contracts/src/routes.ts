import { z } from "zod";
import { imageRoutes } from "./images-routes.ts";
import { Digest } from "./job.ts";
import { paging } from "./query.ts";
import { problemSetRoutes, rejudgingRoutes } from "./rejudging-routes.ts";
import {
  CreatedToken,
  Health,
  Job,
  LanguageStatus,
  NewRun,
  NewSubmission,
  NewToken,
  Page,
  Problem,
  Run,
  RunnerStatus,
  Submission,
  Token,
} from "./resources.ts";
import { defineRoute } from "./route.ts";
import {
  AppendEvents,
  AppendedEvents,
  BeatRequest,
  BeatResponse,
  InputResponse,
  LeaseRequest,
  LeaseResponse,
  RegisterRunner,
  RegisteredRunner,
  SettleRequest,
} from "./runner-protocol.ts";
import { statementRoutes } from "./statements.ts";
import { Verdict } from "./verdict.ts";

/** As the problem package format has it for names of files and directories. */
const ShortName = z
  .string()
  .regex(/^[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,254}$/, "expected letters, digits, and after the first also . _ -");
const byId = z.object({ id: z.uuid() });
/** Seconds to hold the request until the job is settled; 0 answers at once. */
const wait = z.object({ wait: z.coerce.number().min(0).max(60).default(0) });
const attemptParams = z.object({ id: z.uuid(), attempt: z.coerce.number().int().min(1) });

/** Every route of the HTTP API. */
export const routes = {
  health: defineRoute({
    id: "health",
    summary: "Is this process alive and can it reach what it needs?",
    method: "GET",
    path: "/healthz",
    permission: "public",
    tag: "operation",
    response: Health,
    alsoStatus: [503],
  }),
  ready: defineRoute({
    id: "ready",
    summary: "Can this server take requests now?",
    method: "GET",
    path: "/readyz",
    permission: "public",
    tag: "operation",
    response: Health,
    alsoStatus: [503],
  }),

  uploadProblem: defineRoute({
    id: "uploadProblem",
    summary:
      "Upload a problem package as zip or tar.gz, which starts its verification (?wait holds for it); the same content again answers 200 with what exists",
    method: "POST",
    path: "/api/v1/problems",
    permission: "problems:write",
    tag: "problems",
    query: wait.extend({ shortName: ShortName.optional() }),
    bodyKind: "bytes",
    response: Problem,
    status: 201,
    alsoStatus: [200],
  }),
  listProblems: defineRoute({
    id: "listProblems",
    summary: "Problems, newest version of each short name",
    method: "GET",
    path: "/api/v1/problems",
    permission: "problems:read",
    tag: "problems",
    query: paging,
    response: Page(Problem),
  }),
  getProblem: defineRoute({
    id: "getProblem",
    summary: "One problem by id or short name; ?wait holds the answer until its verification has ended",
    method: "GET",
    path: "/api/v1/problems/:id",
    permission: "problems:read",
    tag: "problems",
    params: z.object({ id: z.string().min(1).max(255) }),
    query: wait,
    response: Problem,
  }),

  ...statementRoutes,

  createSubmission: defineRoute({
    id: "createSubmission",
    summary: "Submit a program to a problem; with ?wait the answer holds the finished result",
    method: "POST",
    path: "/api/v1/submissions",
    permission: "submissions:create",
    tag: "submissions",
    query: wait,
    body: NewSubmission,
    response: Submission,
    status: 201,
  }),
  getSubmission: defineRoute({
    id: "getSubmission",
    summary: "One submission with its job and result",
    method: "GET",
    path: "/api/v1/submissions/:id",
    permission: "jobs:read",
    tag: "submissions",
    params: byId,
    query: wait,
    response: Submission,
  }),
  listSubmissions: defineRoute({
    id: "listSubmissions",
    summary: "Submissions, newest first",
    method: "GET",
    path: "/api/v1/submissions",
    permission: "jobs:read",
    tag: "submissions",
    query: paging.extend({
      /** Id, or short name with all of its versions. */
      problem: z.string().min(1).max(255).optional(),
      /** Id or name. */
      problemSet: z.string().min(1).max(255).optional(),
      language: z.string().min(1).max(64).optional(),
      verdict: Verdict.optional(),
      /** Submitted at or after this. */
      since: z.iso.datetime().optional(),
      /** Submitted before this. */
      until: z.iso.datetime().optional(),
    }),
    response: Page(Submission),
  }),

  ...imageRoutes,
  ...problemSetRoutes,
  ...rejudgingRoutes,

  createRun: defineRoute({
    id: "createRun",
    summary: "Run one program with stdin, arguments and files; with ?wait the answer holds the result",
    method: "POST",
    path: "/api/v1/runs",
    permission: "runs:create",
    tag: "runs",
    query: wait,
    body: NewRun,
    response: Run,
    status: 201,
  }),
  getRun: defineRoute({
    id: "getRun",
    summary: "One run with its result",
    method: "GET",
    path: "/api/v1/runs/:id",
    permission: "jobs:read",
    tag: "runs",
    params: byId,
    query: wait,
    response: Run,
  }),

  listJobs: defineRoute({
    id: "listJobs",
    summary: "Jobs, newest first",
    method: "GET",
    path: "/api/v1/jobs",
    permission: "jobs:read",
    tag: "jobs",
    query: paging,
    response: Page(Job),
  }),
  getJob: defineRoute({
    id: "getJob",
    summary: "State, result and evidence of one job",
    method: "GET",
    path: "/api/v1/jobs/:id",
    permission: "jobs:read",
    tag: "jobs",
    params: byId,
    query: wait,
    response: Job,
  }),
  jobEvents: defineRoute({
    id: "jobEvents",
    summary: "The job's live story as server-sent events; Last-Event-ID resumes after that number",
    method: "GET",
    path: "/api/v1/jobs/:id/events",
    permission: "jobs:read",
    tag: "jobs",
    params: byId,
    /** For callers that can't send the `Last-Event-ID` header. */
    query: z.object({ lastEventId: z.coerce.number().int().min(0).max(2_147_483_647).optional() }),
    responseKind: "events",
  }),
  cancelJob: defineRoute({
    id: "cancelJob",
    summary: "Withdraw a job; a settled one answers 409",
    method: "POST",
    path: "/api/v1/jobs/:id/cancel",
    permission: "jobs:cancel",
    tag: "jobs",
    params: byId,
    response: Job,
    status: 202,
  }),

  listLanguages: defineRoute({
    id: "listLanguages",
    summary: "Languages, with what really works here and in which version",
    method: "GET",
    path: "/api/v1/languages",
    permission: "languages:read",
    tag: "languages",
    response: z.object({ items: z.array(LanguageStatus) }),
  }),
  listRunners: defineRoute({
    id: "listRunners",
    summary: "Runners with their images, languages and isolation",
    method: "GET",
    path: "/api/v1/runners",
    permission: "runners:read",
    tag: "runners",
    response: z.object({ items: z.array(RunnerStatus) }),
  }),

  createToken: defineRoute({
    id: "createToken",
    summary: "Make a token of a role in this organization; its secret is shown once",
    method: "POST",
    path: "/api/v1/tokens",
    permission: "tokens:manage",
    tag: "tokens",
    body: NewToken,
    response: CreatedToken,
    status: 201,
  }),
  listTokens: defineRoute({
    id: "listTokens",
    summary: "Tokens of this organization, without their secrets",
    method: "GET",
    path: "/api/v1/tokens",
    permission: "tokens:manage",
    tag: "tokens",
    response: z.object({ items: z.array(Token) }),
  }),
  revokeToken: defineRoute({
    id: "revokeToken",
    summary: "Revoke a token at once",
    method: "DELETE",
    path: "/api/v1/tokens/:id",
    permission: "tokens:manage",
    tag: "tokens",
    params: byId,
    status: 204,
  }),

  registerRunner: defineRoute({
    id: "registerRunner",
    summary: "A runner says who it is and what it can run; again whenever that changes",
    method: "POST",
    path: "/api/v1/runner/register",
    permission: "runner",
    tag: "runner protocol",
    body: RegisterRunner,
    response: RegisteredRunner,
  }),
  leaseJobs: defineRoute({
    id: "leaseJobs",
    summary: "Lease jobs; held open until there is work or the wait ends",
    method: "POST",
    path: "/api/v1/runner/lease",
    permission: "runner",
    tag: "runner protocol",
    body: LeaseRequest,
    response: LeaseResponse,
  }),
  beat: defineRoute({
    id: "beat",
    summary: "Keep leases alive and hear which to stop",
    method: "POST",
    path: "/api/v1/runner/beat",
    permission: "runner",
    tag: "runner protocol",
    body: BeatRequest,
    response: BeatResponse,
  }),
  appendEvents: defineRoute({
    id: "appendEvents",
    summary: "Append events of this attempt, in order, and hear whether it is withdrawn",
    method: "POST",
    path: "/api/v1/runner/jobs/:id/attempts/:attempt/events",
    permission: "runner",
    tag: "runner protocol",
    params: attemptParams,
    body: AppendEvents,
    response: AppendedEvents,
  }),
  settle: defineRoute({
    id: "settle",
    summary: "End this attempt",
    method: "POST",
    path: "/api/v1/runner/jobs/:id/attempts/:attempt/settle",
    permission: "runner",
    tag: "runner protocol",
    params: attemptParams,
    body: SettleRequest,
    status: 204,
  }),
  readAttemptBlob: defineRoute({
    id: "readAttemptBlob",
    summary: "Bytes that this attempt's payload refers to; no others",
    method: "GET",
    path: "/api/v1/runner/jobs/:id/attempts/:attempt/blobs/:digest",
    permission: "runner",
    tag: "runner protocol",
    params: attemptParams.extend({ digest: Digest }),
    responseKind: "bytes",
  }),
  readAttemptInput: defineRoute({
    id: "readAttemptInput",
    summary: "What was said to this attempt's interactive run after a number; held open until there is some",
    method: "GET",
    path: "/api/v1/runner/jobs/:id/attempts/:attempt/input",
    permission: "runner",
    tag: "runner protocol",
    params: attemptParams,
    query: z.object({
      after: z.coerce.number().int().min(0).max(2_147_483_647).default(0),
      wait: z.coerce.number().min(0).max(60).default(0),
    }),
    response: InputResponse,
  }),
} as const;

export type Routes = typeof routes;
