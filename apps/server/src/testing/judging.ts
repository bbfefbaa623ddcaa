import { LeaseResponse, Submission } from "@assay/contracts";
import type {
  JobResult,
  JudgePayload,
  JudgeResult,
  LeasedJob,
  Verdict,
  VerifyResult,
} from "@assay/contracts";
import { judgeResult } from "./factories.ts";
import type { Received, TestServer } from "./test-server.ts";

/** What a program of these tests gets: they print what they are to get. */
export type Judge = (payload: JudgePayload) => Partial<JudgeResult>;

const verdictInSource: Judge = ({ files }) => ({
  verdict: (files[0]?.content ?? "") as Verdict,
});

export async function submit(
  server: TestServer,
  bearer: string,
  source: string,
  more: object = {},
): Promise<Submission> {
  const body = { problem: "sum", language: "python", source, ...more };
  const received = await server.send("POST", "/api/v1/submissions", { token: bearer, body });
  if (received.status !== 201) throw new Error(`refused: ${JSON.stringify(received.json)}`);
  return Submission.parse(received.json);
}

export type LeasedSubmission = LeasedJob & { readonly payload: JudgePayload };

/** Submissions only: packages that wait for their verification get this on the way. */
export async function lease(
  server: TestServer,
  runnerId: string,
  max = 256,
  verification: Partial<VerifyResult> = {},
): Promise<LeasedSubmission[]> {
  const submissions: LeasedSubmission[] = [];
  for (;;) {
    const body = { runnerId, max: max - submissions.length, waitSeconds: 0 };
    const { json } = await server.send("POST", "/api/v1/runner/lease", { token: server.runner, body });
    const { jobs } = LeaseResponse.parse(json);
    for (const { payload, ...job } of jobs)
      if (payload.kind === "judge") submissions.push({ ...job, payload });
      else await settle(server, job, { how: "completed", result: { ...soundPackage, ...verification } });
    if (submissions.length === max || jobs.length === 0) return submissions;
  }
}

const soundPackage: VerifyResult = {
  kind: "verify",
  accepted: true,
  findings: [],
  submissions: [],
  timeLimit: null,
  evidence: { text: "all checks passed", outcome: null, limits: null },
};

export const settle = (
  server: TestServer,
  { jobId, attempt }: Pick<LeasedJob, "jobId" | "attempt">,
  settlement: object,
): Promise<Received> =>
  server.send("POST", `/api/v1/runner/jobs/${jobId}/attempts/${attempt}/settle`, {
    token: server.runner,
    body: { offset: 0, events: [], settlement },
  });

export const completed = (change: Partial<JudgeResult>): { how: "completed"; result: JobResult } => ({
  how: "completed",
  result: { ...(judgeResult() as JudgeResult), ...change },
});

/** Judges everything that waits; @returns the jobs in the order in which they were leased. */
export async function judgeAll(
  server: TestServer,
  runnerId: string,
  judge: Judge = verdictInSource,
): Promise<LeasedSubmission[]> {
  const judged: LeasedSubmission[] = [];
  for (;;) {
    const jobs = await lease(server, runnerId);
    if (jobs.length === 0) return judged;
    for (const job of jobs) {
      const { status } = await settle(server, job, completed(judge(job.payload)));
      if (status !== 204) throw new Error(`not settled: ${status}`);
      judged.push(job);
    }
  }
}
