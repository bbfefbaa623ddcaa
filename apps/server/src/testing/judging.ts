import { LeaseResponse, Submission } from "@assay/contracts";
import type { JobResult, JudgePayload, JudgeResult, LeasedJob, Verdict } from "@assay/contracts";
import { judgeResult } from "./factories.ts";
import type { Received, TestServer } from "./test-server.ts";

/** What a program of these tests gets: they print what they are to get. */
export type Judge = (payload: JudgePayload) => Partial<JudgeResult>;

export const verdictInSource: Judge = ({ files }) => ({
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

export async function lease(server: TestServer, runnerId: string, max = 256): Promise<LeasedJob[]> {
  const body = { runnerId, max, waitSeconds: 0 };
  const { json } = await server.send("POST", "/api/v1/runner/lease", { token: server.runner, body });
  return LeaseResponse.parse(json).jobs;
}

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
): Promise<LeasedJob[]> {
  const judged: LeasedJob[] = [];
  for (;;) {
    const jobs = await lease(server, runnerId);
    if (jobs.length === 0) return judged;
    for (const job of jobs) {
      if (job.payload.kind !== "judge") throw new Error(`a job of kind ${job.payload.kind}`);
      const { status } = await settle(server, job, completed(judge(job.payload)));
      if (status !== 204) throw new Error(`not settled: ${status}`);
      judged.push(job);
    }
  }
}
