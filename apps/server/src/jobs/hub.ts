import { EventEmitter } from "node:events";
import { channels } from "@assay/database";
import type { Channel, Notifications } from "@assay/database";

/** Waits for news of something. News that came before `next` is called are not missed. */
export interface Watch extends Disposable {
  /** Resolves at the next news, after `ms`, or when the signal aborts, whichever is first. */
  next(ms: number, signal: AbortSignal): Promise<void>;
}

export interface Hub extends Disposable {
  /** Something new about a job that is not settled. Call it after the commit. */
  jobChanged(jobId: string): void;
  /** A job came to its end. Call it after the commit. */
  jobSettled(jobId: string): void;
  /** An interactive job was told something. Call it after the commit. */
  inputGiven(jobId: string): void;
  /** A queue has something to lease. Call it after the commit. */
  queueFilled(queue: string): void;
  watchJob(jobId: string): Watch;
  /** For those who only want a job's end: most waiters, who would read a job three times otherwise. */
  watchSettled(jobId: string): Watch;
  /** Of what is said to an interactive job, and of its end. */
  watchInput(jobId: string): Watch;
  watchQueues(queues: readonly string[]): Watch;
}

const gap = "gap";
const keyOf = (channel: Channel, id: string): string => `${channel}:${id}`;

/**
 * Tells whoever waits in this process, at once, and in all other servers, through the database,
 * that there is news. Hints only: every waiter reads the truth from the tables, and reads again
 * after a while without a hint.
 */
export function openHub(notifications: Notifications): Hub {
  const emitter = new EventEmitter().setMaxListeners(0);

  const tell = (channel: Channel, id: string): void => {
    emitter.emit(keyOf(channel, id));
    notifications.publish(channel, id);
  };
  const unsubscribe = Object.values(channels).map((channel) =>
    notifications.subscribe(channel, {
      onIds: (ids) => ids.forEach((id) => emitter.emit(keyOf(channel, id))),
      onGap: () => emitter.emit(gap),
    }),
  );

  return {
    jobChanged: (jobId) => tell(channels.jobChanged, jobId),
    jobSettled: (jobId) => tell(channels.jobSettled, jobId),
    inputGiven: (jobId) => tell(channels.jobInput, jobId),
    queueFilled: (queue) => tell(channels.queueFilled, queue),
    watchJob: (jobId) =>
      watch(emitter, [gap, keyOf(channels.jobChanged, jobId), keyOf(channels.jobSettled, jobId)]),
    watchSettled: (jobId) => watch(emitter, [gap, keyOf(channels.jobSettled, jobId)]),
    watchInput: (jobId) =>
      watch(emitter, [gap, keyOf(channels.jobInput, jobId), keyOf(channels.jobSettled, jobId)]),
    watchQueues: (queues) =>
      watch(emitter, [gap, ...queues.map((queue) => keyOf(channels.queueFilled, queue))]),
    [Symbol.dispose]: () => unsubscribe.forEach((end) => end()),
  };
}

function watch(emitter: EventEmitter, keys: readonly string[]): Watch {
  let news = false;
  let wake: (() => void) | null = null;
  const hear = () => {
    news = true;
    wake?.();
  };
  for (const key of keys) emitter.on(key, hear);
  return {
    async next(ms, signal) {
      if (!news && !signal.aborted) {
        const { promise, resolve } = Promise.withResolvers<void>();
        const end = () => resolve();
        const timer = setTimeout(end, ms);
        signal.addEventListener("abort", end, { once: true });
        wake = end;
        await promise;
        wake = null;
        clearTimeout(timer);
        signal.removeEventListener("abort", end);
      }
      news = false;
    },
    [Symbol.dispose]: () => {
      for (const key of keys) emitter.off(key, hear);
    },
  };
}
