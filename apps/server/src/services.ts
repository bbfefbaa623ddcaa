import type { BlobStore } from "@assay/blobs";
import type { Database } from "@assay/database";
import type { JobQueue } from "@assay/jobs";
import type { FastifyBaseLogger } from "fastify";
import type { Tokens } from "./access/tokens.ts";
import type { ServerConfig } from "./config.ts";
import type { Hub } from "./jobs/hub.ts";
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
  /** Aborts when the server begins to stop. */
  readonly stopping: AbortSignal;
}
