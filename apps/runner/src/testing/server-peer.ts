import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { answerJson, answerProblem, bodyOf, startPeer } from "@assay/client/testing";
import {
  AppendEvents,
  BeatRequest,
  LeaseRequest,
  RegisterRunner,
  SettleRequest,
  defaultRunLimits,
  plainRun,
} from "@assay/contracts";
import type { BeatResponse, JobPayload, LeasedJob } from "@assay/contracts";
import { z } from "zod";

const Action = z.enum(["register", "lease", "beat", "events", "settle", "blobs"]);
export type Action = z.infer<typeof Action>;

/** What the peer does with one call instead of the usual: answers itself, or drops the connection. */
export type Misbehaviour = (response: ServerResponse) => void;

export const unavailable: Misbehaviour = (response) =>
  answerProblem(response, 503, "database_unavailable", { retryAfter: "2" });
export const fenceRefused: Misbehaviour = (response) => answerProblem(response, 409, "fence_refused");
export const conflict: Misbehaviour = (response) => answerProblem(response, 409, "conflict");
export const unauthenticated: Misbehaviour = (response) => answerProblem(response, 401, "unauthenticated");
export const tooLarge: Misbehaviour = (response) => answerProblem(response, 413, "too_large");
/** The call has worked, but nobody hears of it. */
export const lostAnswer: Misbehaviour = (response) => void response.destroy();

export interface Call {
  readonly action: Action;
  readonly jobId: string | null;
  readonly attempt: number | null;
  readonly body: unknown;
}

export const runnerId = "6f0c8d0e-6f3b-4f8f-9a0b-7e5d9b1d2c3a";

const schemas = {
  register: RegisterRunner,
  lease: LeaseRequest,
  beat: BeatRequest,
  events: AppendEvents,
  settle: SettleRequest,
} as const;

/** Speaks the server's side of the runner protocol over real HTTP, with the failures that the test orders. */
export async function startServerPeer() {
  const calls: Call[] = [];
  const misbehaviours = new Map<Action, Misbehaviour[]>();
  const jobs: LeasedJob[] = [];
  const beatAnswers: BeatResponse[] = [];
  const watchers = new Set<() => void>();
  let polls: { response: ServerResponse; max: number }[] = [];

  const answerPolls = (): void => {
    while (jobs.length > 0) {
      const poll = polls.shift();
      if (poll === undefined) return;
      if (!poll.response.destroyed) answerJson(poll.response, 200, { jobs: jobs.splice(0, poll.max) });
    }
  };

  const until = (condition: () => boolean): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = (): void => {
      if (!condition()) return;
      watchers.delete(look);
      resolve();
    };
    watchers.add(look);
    look();
    return promise;
  };

  const blobs = new Map<string, Uint8Array>();
  const answerBlob = (digest: string, response: ServerResponse): void => {
    const content = blobs.get(digest);
    if (content === undefined) return answerProblem(response, 404, "not_found");
    response.writeHead(200, { "content-type": "application/octet-stream" }).end(content);
  };

  const usual = (action: Action, body: unknown, path: string, response: ServerResponse): void => {
    switch (action) {
      case "register":
        return answerJson(response, 200, { runnerId, leaseSeconds: 15, beatSeconds: 5 });
      case "lease":
        polls.push({ response, max: LeaseRequest.parse(body).max });
        response.once("close", () => {
          polls = polls.filter((poll) => poll.response !== response);
          for (const watcher of watchers) watcher();
        });
        return answerPolls();
      case "beat":
        return answerJson(response, 200, beatAnswers.shift() ?? { refused: [], cancelled: [] });
      case "events":
        return answerJson(response, 200, { cancelled: false });
      case "settle":
        response.writeHead(204).end();
        return;
      case "blobs":
        answerBlob(path.slice(path.lastIndexOf("/") + 1), response);
    }
  };

  const peer = await startPeer(async (request, response) => {
    const path = request.url ?? "";
    const of = /\/jobs\/([^/]+)\/attempts\/(\d+)\/(events|settle|blobs)/.exec(path);
    const action = Action.parse(of?.[3] ?? path.slice(path.lastIndexOf("/") + 1));
    const text = (await bodyOf(request)).toString("utf8");
    const body: unknown = action === "blobs" ? null : schemas[action].parse(JSON.parse(text));
    const misbehaviour = misbehaviours.get(action)?.shift();
    if (misbehaviour === undefined) usual(action, body, path, response);
    else misbehaviour(response);
    calls.push({ action, jobId: of?.[1] ?? null, attempt: of === null ? null : Number(of[2]), body });
    for (const watcher of watchers) watcher();
  });

  return {
    url: peer.url,
    calls,
    /** What attempts may read, by digest. */
    blobs,
    of: (action: Action): Call[] => calls.filter((call) => call.action === action),
    /** The next calls of this kind meet these, one each. */
    misbehave(action: Action, ...next: Misbehaviour[]): void {
      misbehaviours.set(action, [...(misbehaviours.get(action) ?? []), ...next]);
    },
    enqueue(...more: LeasedJob[]): void {
      jobs.push(...more);
      answerPolls();
    },
    /** What the next beats are answered. */
    answerBeat(answer: Partial<BeatResponse>): void {
      beatAnswers.push({ refused: [], cancelled: [], ...answer });
    },
    /** Resolves when so many calls of this kind have come. */
    called: (action: Action, times = 1): Promise<void> =>
      until(() => calls.filter((call) => call.action === action).length >= times),
    /** Resolves when so many lease calls are held open. */
    polling: (count: number): Promise<void> => until(() => polls.length === count),
    [Symbol.asyncDispose]: () => peer[Symbol.asyncDispose](),
  };
}

const payload: JobPayload = {
  kind: "run",
  language: "python",
  files: [{ path: "main.py", content: "print(1)" }],
  dataFiles: [],
  args: [],
  stdinBase64: "",
  stopAtProcessLimit: true,
  options: plainRun,
  requires: { isolation: null },
  limits: {
    ...defaultRunLimits,
    cpuMs: 1000,
    wallMs: 1000,
    memoryBytes: 64 * 1024 * 1024,
    processes: 8,
    diskBytes: 1024 * 1024,
    fileBytes: 1024 * 1024,
    stackBytes: 8 * 1024 * 1024,
    openFiles: 64,
    outputBytes: 1024,
  },
};

export const leasedJob = (change: Partial<LeasedJob> = {}): LeasedJob => ({
  jobId: randomUUID(),
  organizationId: "018f4bb2-6f4e-7b9a-9d3c-0a1b2c3d4e5f",
  attempt: 1,
  correlationId: "c-1",
  payload,
  ...change,
});
