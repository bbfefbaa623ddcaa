import type { JobEventBody, JobPayload } from "@assay/contracts";
import { pino } from "pino";
import type { Work } from "../attempts/attempt.ts";
import { leasedJob } from "./server-peer.ts";

/** Work without an attempt around it, for tests of what executors do. */
export const workOf = (payload?: JobPayload, signal = new AbortController().signal) => {
  const events: JobEventBody[] = [];
  const work: Work = {
    job: leasedJob(payload === undefined ? {} : { payload }),
    signal,
    log: pino({ enabled: false }),
    emit: (event) => events.push(event),
    readInput: async () => [],
    pause: (wait) => wait(),
  };
  return { work, events };
};
