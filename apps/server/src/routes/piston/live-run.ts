import { AssayError, isSettled } from "@assay/contracts";
import type { FastifyBaseLogger } from "fastify";
import type { Caller } from "../../access/policy.ts";
import { admitJob } from "../../jobs/admit.ts";
import { cancelJob } from "../../jobs/cancel.ts";
import { findJob } from "../../jobs/state-machine.ts";
import { jobWhenSettled } from "../../jobs/watch.ts";
import type { Services } from "../../services.ts";
import { hasRoom } from "../compatible/waiting-room.ts";
import { InputWriter } from "./input.ts";
import { BadRequest, readRequest } from "./request.ts";
import type { Prepared } from "./request.ts";
import { listRuntimes } from "./runtimes.ts";

/** A run that somebody talks to. Disposing ends it if it goes on, and forgets what was said. */
export interface LiveRun extends AsyncDisposable {
  readonly jobId: string;
  readonly prepared: Prepared;
  readonly input: InputWriter;
}

/** How long the end of a withdrawn run is waited for before what was said to it is forgotten. */
const endSeconds = 60;

/** @throws BadRequest, and what admission throws */
export async function openLiveRun(
  services: Services,
  caller: Caller,
  asked: unknown,
  { correlationId, log }: { readonly correlationId: string; readonly log: FastifyBaseLogger },
): Promise<LiveRun> {
  const { organizationId } = caller;
  const runtimes = await listRuntimes(services, organizationId);
  const prepared = readRequest(services.config, runtimes, asked, "interactive");
  if (!(await hasRoom(services, organizationId, 1))) throw new BadRequest("queue is full");
  const { payload } = prepared;
  const { jobId } = await admitJob(services, caller, { payload, problemId: null, correlationId });
  log.info({ jobId }, "interactive run queued");
  const input = new InputWriter(services, jobId, services.config.maxDataBytes);
  return {
    jobId,
    prepared,
    input,
    async [Symbol.asyncDispose]() {
      await withdraw(services, caller, jobId, input);
      const signal = services.stopping;
      await jobWhenSettled(services, caller, jobId, { seconds: endSeconds, signal });
      await input.forget();
    },
  };
}

/** Its runner hears of a withdrawal with its next beat; the signal, which is heard at once, ends it sooner. */
async function withdraw(
  services: Services,
  caller: Caller,
  jobId: string,
  input: InputWriter,
): Promise<void> {
  const key = { jobId, organizationId: caller.organizationId, onlyOf: null };
  const job = await findJob(services.database, key);
  if (job === null || isSettled(job.state)) return;
  input.sayLast({ type: "signal", signal: "SIGKILL" });
  await input.written();
  await cancelJob(services, key).catch((error: unknown) => {
    if (!(error instanceof AssayError) || error.code !== "conflict") throw error;
  });
}
