import type { BlobStore } from "@assay/blobs";
import type { Database } from "@assay/database";
import type { JobQueue } from "@assay/jobs";
import type { FastifyBaseLogger } from "fastify";
import type { Tokens } from "./access/tokens.ts";
import type { ServerConfig } from "./config.ts";
import type { Batcher } from "./jobs/batcher.ts";
import type { Hub } from "./jobs/hub.ts";
import type { JobReads } from "./jobs/read.ts";
import type { CreatedJob, NewJob } from "./jobs/state-machine.ts";
import type { Settlements } from "./leases/settle.ts";
import type { Fleet } from "./runners/fleet.ts";

/** What the routes work with. One per server. */
export interface Services {
  readonly config: ServerConfig;
  readonly log: FastifyBaseLogger;
  readonly database: Database;
  readonly queue: JobQueue;
  readonly blobs: BlobStore;
  readonly tokens: Tokens;
  readonly fleet: Fleet;
  readonly hub: Hub;
  readonly admission: Batcher<NewJob, CreatedJob>;
  readonly settlements: Settlements;
  readonly jobReads: JobReads;
  /** Aborts when the server begins to stop. */
  readonly stopping: AbortSignal;
}
