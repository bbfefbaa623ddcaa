export { createPgBossQueue } from "./pgboss-queue.ts";
export type { PgBossQueueOptions } from "./pgboss-queue.ts";
export type {
  ExhaustedHandler,
  ExhaustedJob,
  JobQueue,
  Lease,
  LeaseRequest,
  Refusal,
  WaitingQueue,
} from "./queue.ts";
