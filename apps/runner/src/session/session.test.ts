import { createClient } from "@assay/client";
import { BeatRequest, SettleRequest } from "@assay/contracts";
import { pino } from "pino";
import { expect, test } from "vitest";
import type { Execute, Work } from "../attempts/attempt.ts";
import { GivenBack, ImageNotHad } from "../attempts/endings.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { someResult } from "../testing/results.ts";
import {
  leasedJob,
  lostAnswer,
  runnerId,
  startServerPeer,
  unauthenticated,
  unavailable,
} from "../testing/server-peer.ts";
import { Session, TokenRefused } from "./session.ts";

/** Jobs that end when the test says so, or when they are stopped. */
class Workshop {
  readonly started: Work[] = [];
  readonly stopped: { jobId: string; reason: string }[] = [];
  readonly #ends = new Map<string, () => void>();
  readonly #watchers = new Set<() => void>();

  readonly execute: Execute = async (work) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    work.signal.addEventListener("abort", () => {
      const reason: unknown = work.signal.reason;
      this.stopped.push({ jobId: work.job.jobId, reason: reason instanceof Error ? reason.name : "" });
      resolve();
    });
    this.#ends.set(work.job.jobId, resolve);
    this.started.push(work);
    for (const watcher of this.#watchers) watcher();
    await promise;
    return someResult;
  };

  end(jobId: string): void {
    this.#ends.get(jobId)?.();
  }

  startedJobs(count: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = (): void => void (this.started.length >= count && resolve());
    this.#watchers.add(look);
    look();
    return promise;
  }
}

const fixture = async (
  change: { execute?: Execute; recover?: () => Promise<void>; drainMs?: number } = {},
) => {
  const server = await startServerPeer();
  const client = createClient({ baseUrl: server.url });
  const clock = new ManualClock();
  const workshop = new Workshop();
  let registrations = 0;
  const session = new Session({
    client,
    clock,
    log: pino({ enabled: false }),
    execute: change.execute ?? workshop.execute,
    registration: () => ({
      name: `r${++registrations}`,
      version: "1",
      slots: 2,
      speedFactor: null,
      isolation: [],
      images: [],
      languages: [],
    }),
    recover: change.recover ?? (() => Promise.resolve()),
    slots: 2,
    drainMs: change.drainMs ?? 1000,
  });
  const running = session.run();
  running.catch(() => {});
  return {
    server,
    clock,
    workshop,
    session,
    running,
    settlements: () =>
      server.of("settle").map(({ jobId, body }) => ({ jobId, ...SettleRequest.parse(body).settlement })),
    async [Symbol.asyncDispose]() {
      session.stopNow();
      await clock.runUntil(running).catch(() => {});
      await client[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
};

test("it registers, leases a job for each slot and one ahead, settles them, and drains", async () => {
  await using f = await fixture();
  const jobs = [leasedJob(), leasedJob(), leasedJob(), leasedJob()] as const;
  expect(await f.session.registered).toMatchObject({ runnerId });
  f.server.enqueue(...jobs);
  await f.workshop.startedJobs(3);
  expect(f.server.of("lease").map(({ body }) => body)).toEqual([{ runnerId, max: 3, waitSeconds: 20 }]);
  f.workshop.end(jobs[0].jobId);
  await f.workshop.startedJobs(4);
  for (const { jobId } of jobs) f.workshop.end(jobId);
  await f.server.called("settle", 4);
  f.session.drain();
  await f.running;
  expect(new Set(f.settlements().map(({ jobId }) => jobId)).size).toBe(4);
  expect(f.server.of("register")).toHaveLength(1);
});

test("a server that is away is tried again, and the runner registers anew before it leases", async () => {
  await using f = await fixture();
  f.server.misbehave("register", unavailable);
  f.server.misbehave("lease", lostAnswer, unavailable);
  await f.clock.runUntil(f.server.called("lease", 3));
  const order = f.server.calls.map(({ action }) => action).filter((action) => action !== "beat");
  expect(order).toEqual(["register", "register", "lease", "register", "lease", "register", "lease"]);
});

test("a token that is refused ends the session, at the start and later", async () => {
  await using atStart = await fixture();
  atStart.server.misbehave("register", unauthenticated);
  await expect(atStart.clock.runUntil(atStart.running)).rejects.toThrow(TokenRefused);
  await expect(atStart.session.registered).rejects.toThrow(TokenRefused);

  await using later = await fixture();
  await later.session.registered;
  later.server.misbehave("lease", unauthenticated);
  later.server.enqueue(leasedJob());
  await expect(later.clock.runUntil(later.running)).rejects.toThrow(TokenRefused);
});

test("one beat keeps all attempts alive, and stops those that it names", async () => {
  await using f = await fixture();
  const [refused, cancelled] = [leasedJob({ attempt: 3 }), leasedJob()];
  f.server.enqueue(refused, cancelled);
  await f.workshop.startedJobs(2);
  const ids = [refused, cancelled].map(({ jobId, attempt }) => ({ jobId, attempt }));
  const [first = { jobId: "", attempt: 0 }, second = { jobId: "", attempt: 0 }] = ids;
  f.server.answerBeat({ refused: [first, { jobId: runnerId, attempt: 9 }], cancelled: [second] });
  await f.clock.runUntil(f.server.called("settle"));
  expect(f.server.of("beat")[0]?.body).toEqual({ runnerId, attempts: ids });
  expect(f.workshop.stopped).toEqual([
    { jobId: refused.jobId, reason: "FenceRefused" },
    { jobId: cancelled.jobId, reason: "JobCancelled" },
  ]);
  expect(f.settlements()).toEqual([{ jobId: cancelled.jobId, how: "cancelled" }]);
});

test("beats that fail do not stop the work", async () => {
  await using f = await fixture();
  const job = leasedJob();
  f.server.enqueue(job);
  await f.workshop.startedJobs(1);
  f.server.misbehave("beat", unavailable, lostAnswer);
  await f.clock.runUntil(f.server.called("beat", 3));
  expect(f.workshop.stopped).toEqual([]);
  f.workshop.end(job.jobId);
  await f.server.called("settle");
});

test("a machine that failed at a job looks at itself and says anew what it offers before it leases", async () => {
  let looks = 0;
  const looksBefore: number[] = [];
  await using f = await fixture({
    execute: () => {
      looksBefore.push(looks);
      return Promise.reject(new GivenBack("the sandbox is gone"));
    },
    recover: () => (++looks < 3 ? Promise.reject(new Error("still gone")) : Promise.resolve()),
  });
  f.server.enqueue(leasedJob());
  await f.server.called("settle");
  const givenBack = leasedJob({ attempt: 2 });
  f.server.enqueue(givenBack);
  await f.clock.runUntil(f.server.called("settle", 2));
  expect(looksBefore).toEqual([0, 3]);
  expect(f.settlements()[0]).toMatchObject({ how: "released", reason: "the sandbox is gone" });
  const order = f.server.calls.map(({ action, attempt }) => `${action} ${attempt ?? ""}`.trim());
  expect(order.indexOf("register", 1)).toBeLessThan(order.indexOf("settle 2"));
});

test("the open poll ends before a failed job goes back, so that the same machine is not given it", async () => {
  const goOn = Promise.withResolvers<void>();
  await using f = await fixture({
    execute: async () => {
      await goOn.promise;
      throw new GivenBack("the sandbox is gone");
    },
  });
  f.server.enqueue(leasedJob());
  await f.server.polling(1);
  await f.server.called("lease", 2);
  goOn.resolve();
  await f.server.called("settle");
  await f.server.polling(0);
  expect(f.server.of("lease")).toHaveLength(2);
});

test("results that can't be delivered stop the leasing before they fill the memory", async () => {
  await using f = await fixture({ execute: () => Promise.resolve(someResult) });
  await f.session.registered;
  f.server.misbehave("settle", ...Array.from({ length: 32 }, () => unavailable));
  f.server.enqueue(...Array.from({ length: 40 }, () => leasedJob()));
  await f.server.called("settle", 32);
  const undelivered = new Set(f.settlements().map(({ jobId }) => jobId));
  expect(undelivered.size).toBe(32);
  await f.clock.runUntil(f.server.called("settle", 72));
  expect(undelivered).toContain(f.settlements()[32]?.jobId);
  expect(new Set(f.settlements().map(({ jobId }) => jobId)).size).toBe(40);
});

test("draining lets the work finish, and gives back what takes too long", async () => {
  await using f = await fixture({ drainMs: 1000 });
  const [quick, slow] = [leasedJob(), leasedJob()];
  f.server.enqueue(quick, slow);
  await f.workshop.startedJobs(2);
  f.session.drain();
  f.server.enqueue(leasedJob());
  f.workshop.end(quick.jobId);
  await f.server.called("settle");
  await f.clock.runUntil(f.running);
  expect(f.settlements()).toMatchObject([
    { jobId: quick.jobId, how: "completed" },
    { jobId: slow.jobId, how: "released", reason: "the runner is stopping" },
  ]);
  expect(f.workshop.started).toHaveLength(2);
});

test("stopping at once kills the work and settles nothing", async () => {
  await using f = await fixture();
  f.server.enqueue(leasedJob());
  await f.workshop.startedJobs(1);
  f.session.stopNow();
  await f.running;
  expect(f.workshop.stopped).toMatchObject([{ reason: "Abandoned" }]);
  expect(f.settlements()).toEqual([]);
});

test("a drain before the first registration ends the session", async () => {
  await using f = await fixture();
  f.session.drain();
  await f.running;
  await expect(f.session.registered).rejects.toThrow("before it was registered");
});

test("jobs that wait for what needs no box leave their places to others, and hear of a withdrawal", async () => {
  const waiting: string[] = [];
  const { promise: never } = Promise.withResolvers<void>();
  await using f = await fixture({
    execute: async ({ job, pause, signal }) => {
      if (!job.correlationId.startsWith("wait")) return someResult;
      waiting.push(job.jobId);
      const left = new Promise((_, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason), { once: true }),
      );
      await pause(() => Promise.race([never, left]));
      return someResult;
    },
  });
  const waiters = Array.from({ length: 10 }, (_, n) => leasedJob({ correlationId: `wait-${n}` }));
  const [first, ...others] = waiters;
  const quick = leasedJob();
  f.server.enqueue(...waiters, quick);
  await f.server.called("settle");
  expect(f.settlements()).toMatchObject([{ jobId: quick.jobId, how: "completed" }]);
  expect(waiting).toEqual(waiters.map(({ jobId }) => jobId));

  const withdrawn = { jobId: first?.jobId ?? "", attempt: 1 };
  f.server.answerBeat({ cancelled: [withdrawn] });
  await f.clock.runUntil(f.server.called("settle", 2));
  const beaten = BeatRequest.parse(f.server.of("beat")[0]?.body).attempts;
  expect(beaten).toEqual(expect.arrayContaining(waiters.map(({ jobId }) => ({ jobId, attempt: 1 }))));
  expect(f.settlements()[1]).toMatchObject({ jobId: withdrawn.jobId, how: "cancelled" });

  f.session.drain();
  await f.running;
  expect(f.settlements().slice(2)).toMatchObject(
    others.map(({ jobId }) => ({ jobId, how: "released", reason: "the runner is stopping" })),
  );
});

test("only so many jobs may wait: then the runner takes no more", async () => {
  const { promise: never } = Promise.withResolvers<void>();
  const most = Promise.withResolvers<void>();
  let begun = 0;
  await using f = await fixture({
    execute: async ({ pause, signal }) => {
      begun += 1;
      if (begun === 64) most.resolve();
      const left = new Promise((_, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason), { once: true }),
      );
      await pause(() => Promise.race([never, left]));
      return someResult;
    },
  });
  f.server.enqueue(...Array.from({ length: 70 }, () => leasedJob()));
  await most.promise;
  await f.clock.runUntil(f.server.called("beat", 2));
  expect(begun).toBe(64);
});

test("an image that can't be had gives its job back without a doubt in the machine", async () => {
  let looks = 0;
  await using f = await fixture({
    execute: ({ job }) =>
      job.attempt === 1 ? Promise.reject(new ImageNotHad("no image")) : Promise.resolve(someResult),
    recover: async () => void (looks += 1),
  });
  f.server.enqueue(leasedJob());
  await f.server.called("settle");
  f.server.enqueue(leasedJob({ attempt: 2 }));
  await f.server.called("settle", 2);
  expect(f.settlements()).toMatchObject([{ how: "released", reason: "no image" }, { how: "completed" }]);
  expect(looks).toBe(0);
  expect(f.server.of("register")).toHaveLength(1);
});

test("offers that change are said before the next lease, and the open poll ends", async () => {
  await using f = await fixture();
  await f.server.polling(1);
  f.session.offersChanged();
  await f.server.called("register", 2);
  await f.server.called("lease", 2);
  const order = f.server.calls.map(({ action }) => action);
  expect(order).toEqual(["register", "lease", "register", "lease"]);
  await f.server.polling(1);
});
