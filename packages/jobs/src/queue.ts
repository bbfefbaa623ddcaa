import type { Transaction } from "@assay/database";

/*
 * The queue decides who works on a job; what a job is and how it stands is in the table `jobs`.
 *
 *   enqueue ─► waiting ─ lease ─► leased ─ settle ─► gone
 *                 ▲                  │
 *                 └─ release, expiry ┤ (attempts left)
 *                                    └─ release, expiry ─► exhausted ─ drainExhausted ─► gone
 *   cancel: from anywhere ─► gone
 *
 * Whatever takes a transaction commits or vanishes together with the caller's own rows. Within one
 * transaction, call the queue before changing the job's row: everybody locks in that order.
 */

/** The right to work on a job, until it expires, is released or settled. */
export interface Lease {
  readonly jobId: string;
  readonly queue: string;
  /** The fence: 1 for the first lease of a job, and more for each later one. */
  readonly attempt: number;
}

export interface NewEntry {
  readonly jobId: string;
  readonly queue: string;
  /** Larger ones are leased first, equal ones in the order of their arrival. */
  readonly priority: number;
}

/** A queue that has something to lease, as its first job stands. */
export interface WaitingQueue {
  readonly queue: string;
  /** How long the first job has waited since it was entered or came back. */
  readonly waitedMs: number;
  /** Whether a holder refused the first job. */
  readonly refused: boolean;
}

export interface LeaseRequest {
  readonly queues: readonly string[];
  /** Leases at most. */
  readonly max: number;
  /** Who asks; null gets also what somebody refused. */
  readonly holder?: string | null;
  /**
   * From which of the queues that have something to take, in their order, and how many leases of each
   * at most; without it from all. Not called when nothing waits.
   */
  readonly choose?: (
    waiting: readonly WaitingQueue[],
  ) => Promise<readonly { readonly queue: string; readonly max: number }[]>;
  /** Records the leases in the caller's rows, in the transaction that takes them. May run again after a deadlock. */
  readonly onLeased: (tx: Transaction, leases: readonly Lease[]) => Promise<void>;
}

/** A job that nobody will lease again. */
export interface ExhaustedJob {
  readonly jobId: string;
  readonly queue: string;
  /** What ended its last attempt. */
  readonly reason: string;
}

/** A holder says that it can't do a job which others can. */
export interface Refusal {
  readonly holder: string;
  /** Who else would take the job. */
  readonly others: readonly string[];
}

export type ExhaustedHandler = (tx: Transaction, job: ExhaustedJob) => Promise<void>;

export interface JobQueue extends AsyncDisposable {
  /** @throws AssayError `conflict` when one of the jobs was enqueued before: the caller must roll back */
  enqueue(tx: Transaction, jobs: readonly NewEntry[]): Promise<void>;
  /** Takes what is waiting, in order of priority and age; empty when nothing is. Never waits. */
  lease(request: LeaseRequest): Promise<readonly Lease[]>;
  /** Prolongs leases. @returns those that are refused: their work must stop at once */
  beat(leases: readonly Lease[]): Promise<readonly Lease[]>;
  /** Ends jobs, each once. @returns false when one of the leases is no longer valid: the caller must roll back */
  settle(tx: Transaction, leases: readonly Lease[]): Promise<boolean>;
  /**
   * Gives a job back before its lease ends. This uses up an attempt, except with a refusal while one of
   * the others has not refused it as well: then its holder is not leased the job again for a minute.
   *
   * @returns false when the lease is no longer valid
   */
  release(tx: Transaction, lease: Lease, reason: string, refusal?: Refusal | null): Promise<boolean>;
  /** Ends jobs whoever works on them: their next beat is refused. */
  cancel(tx: Transaction, jobs: readonly Pick<NewEntry, "jobId" | "queue">[]): Promise<void>;
  /**
   * Hands each job whose attempts are used up to `handler`, exactly once: the job leaves the queue
   * with the handler's transaction. One that throws is tried again later.
   *
   * @returns how many were handled
   */
  drainExhausted(handler: ExhaustedHandler): Promise<number>;
  /** Takes leases back whose holder has not beaten in time. @returns how many */
  expire(): Promise<number>;
  /** Jobs waiting per queue; queues without any are 0. */
  depth(queues: readonly string[]): Promise<Record<string, number>>;
  start(): Promise<void>;
  stop(): Promise<void>;
}
