import { createClient } from "@assay/client";
import { pino } from "pino";
import { expect, test } from "vitest";
import { z } from "zod";
import { ManualClock } from "../testing/manual-clock.ts";
import { output, someResult } from "../testing/results.ts";
import {
  conflict,
  fenceRefused,
  leasedJob,
  lostAnswer,
  startServerPeer,
  tooLarge,
  unavailable,
} from "../testing/server-peer.ts";
import { Attempt } from "./attempt.ts";
import type { Execute } from "./attempt.ts";
import { Abandoned, FenceRefused, GivenBack, ImageNotHad, JobRefused, JobCancelled } from "./endings.ts";

const Batch = z.object({ offset: z.int(), events: z.array(z.object({ text: z.string() })) });

const ignore = (): void => {};

const fixture = async (execute: Execute) => {
  const server = await startServerPeer();
  const client = createClient({ baseUrl: server.url });
  const clock = new ManualClock();
  const log = pino({ enabled: false });
  const attempt = new Attempt({ job: leasedJob(), client, clock, log, execute, random: () => 1 });
  return {
    server,
    clock,
    attempt,
    run: () => clock.runUntil(attempt.run(ignore)),
    settlements: () => server.of("settle").map(({ body }) => body),
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
};

/** Ends when it is told to, as a box does. */
const untilAborted: Execute = ({ signal }) =>
  new Promise((_, reject) => {
    const end = (): void => reject(new Error("the box was killed", { cause: signal.reason }));
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });

test("the events of a short job travel with its result, in one call", async () => {
  await using f = await fixture(async ({ emit }) => {
    emit(output("a"));
    emit(output("b"));
    return someResult;
  });
  expect(await f.attempt.run(ignore)).toBe("completed");
  expect(f.server.calls.map(({ action }) => action)).toEqual(["settle"]);
  expect(f.settlements()).toEqual([
    { offset: 0, events: [output("a"), output("b")], settlement: { how: "completed", result: someResult } },
  ]);
});

test("events of a long job are sent in batches while it runs, each event once and in order", async () => {
  const goOn = Promise.withResolvers<void>();
  await using f = await fixture(async ({ emit }) => {
    for (let i = 0; i < 450; i++) emit(output(String(i)));
    await goOn.promise;
    emit(output("last"));
    return someResult;
  });
  const end = f.run();
  await f.server.called("events", 3);
  goOn.resolve();
  expect(await end).toBe("completed");
  const batches = [...f.server.of("events"), ...f.server.of("settle")].map(({ body }) => Batch.parse(body));
  expect(batches.map(({ offset, events }) => [offset, events.length])).toEqual([
    [0, 200],
    [200, 200],
    [400, 50],
    [450, 1],
  ]);
  const texts = batches.flatMap(({ events }) => events.map(({ text }) => text));
  expect(texts).toEqual([...Array.from({ length: 450 }, (_, i) => String(i)), "last"]);
});

test("a batch whose answer was lost is sent again as it was", async () => {
  const goOn = Promise.withResolvers<void>();
  await using f = await fixture(async ({ emit }) => {
    emit(output("a"));
    await goOn.promise;
    return someResult;
  });
  f.server.misbehave("events", lostAnswer, unavailable);
  const end = f.run();
  await f.server.called("events", 3);
  goOn.resolve();
  expect(await end).toBe("completed");
  const [first, ...again] = f.server.of("events").map(({ body }) => body);
  expect(first).toEqual({ offset: 0, events: [output("a")] });
  expect(again).toEqual([first, first]);
  expect(f.settlements()).toMatchObject([{ offset: 1, events: [] }]);
});

test("a result outlives a server that is away: the same settlement until it is taken", async () => {
  await using f = await fixture(async () => someResult);
  f.server.misbehave("settle", unavailable, lostAnswer, unavailable, unavailable, unavailable);
  expect(await f.run()).toBe("completed");
  const [first, ...again] = f.settlements();
  expect(again).toEqual(Array.from({ length: 5 }, () => first));
  expect(f.clock.now()).toBeGreaterThanOrEqual(8000);
});

test("a refused settlement of another attempt is the end of it", async () => {
  await using f = await fixture(async () => someResult);
  f.server.misbehave("settle", unavailable, fenceRefused);
  expect(await f.run()).toBe("refused");
  expect(f.settlements()).toHaveLength(2);
});

test("a fence that is refused for events kills the work at once; nothing more is said", async () => {
  let reason: unknown;
  await using f = await fixture(async (work) => {
    work.emit(output("a"));
    await untilAborted(work).catch(() => (reason = work.signal.reason));
    return someResult;
  });
  f.server.misbehave("events", fenceRefused);
  expect(await f.run()).toBe("refused");
  expect(reason).toBeInstanceOf(FenceRefused);
  expect(f.settlements()).toEqual([]);
});

test("a fence that is refused to an executor ends the attempt as well", async () => {
  await using f = await fixture(({ emit }) => {
    emit(output("a"));
    return Promise.reject(new FenceRefused());
  });
  expect(await f.attempt.run(ignore)).toBe("refused");
  expect(f.server.calls).toEqual([]);
});

test.each([
  ["withdrawn", new JobCancelled(), { how: "cancelled" }],
  [
    "refused",
    new JobRefused("no sandbox takes it"),
    { how: "failed", code: "refused", message: "no sandbox takes it" },
  ],
  ["given back", new GivenBack("stopping"), { how: "released", reason: "stopping", lacking: false }],
  [
    "given back for others",
    new ImageNotHad("no disk"),
    { how: "released", reason: "no disk", lacking: true },
  ],
])("a job that is %s is settled so, whatever its executor answers", async (_, reason, settlement) => {
  await using f = await fixture(async (work) => {
    await untilAborted(work).catch(ignore);
    return someResult;
  });
  const end = f.run();
  f.attempt.stop(reason);
  f.attempt.stop(new JobCancelled());
  await end;
  expect(f.settlements()).toMatchObject([{ settlement }]);
});

test("an executor that can't gives the job back with its reason, cut to what the protocol takes", async () => {
  await using f = await fixture(() => Promise.reject(new GivenBack("x".repeat(10_000))));
  expect(await f.run()).toBe("released");
  expect(f.settlements()).toMatchObject([{ settlement: { how: "released", reason: "x".repeat(4096) } }]);
});

test("a bug in an executor fails the job without a verdict and without telling our insides", async () => {
  await using f = await fixture(() => Promise.reject(new TypeError("secret detail")));
  expect(await f.run()).toBe("failed");
  expect(f.settlements()).toMatchObject([{ settlement: { how: "failed", code: "internal" } }]);
  expect(JSON.stringify(f.settlements())).not.toContain("secret detail");
});

test("a result that the server can't take fails the job instead of being lost", async () => {
  await using f = await fixture(async ({ emit }) => {
    emit(output("a"));
    return someResult;
  });
  f.server.misbehave("settle", tooLarge);
  await f.attempt.run(ignore);
  expect(f.settlements()).toMatchObject([
    { settlement: { how: "completed" } },
    { offset: 0, events: [], settlement: { how: "failed", code: "undeliverable" } },
  ]);
});

test("a conflict that is not about the fence does not pass for it", async () => {
  await using f = await fixture(async () => someResult);
  f.server.misbehave("settle", conflict);
  await f.attempt.run(ignore);
  expect(f.settlements().at(-1)).toMatchObject({ settlement: { how: "failed", code: "undeliverable" } });
});

test("a runner that stops at once says nothing more, even while it waits to try again", async () => {
  await using f = await fixture(async () => someResult);
  f.server.misbehave("settle", unavailable);
  const end = f.attempt.run(ignore);
  await f.server.called("settle");
  f.attempt.stop(new Abandoned());
  expect(await end).toBe("abandoned");
  expect(f.settlements()).toHaveLength(1);
  expect(f.clock.sleeping).toEqual([]);
});

test("the place is free before the result is delivered", async () => {
  await using f = await fixture(async () => someResult);
  f.server.misbehave("settle", unavailable);
  const executed = Promise.withResolvers<void>();
  const end = f.attempt.run(() => executed.resolve());
  await executed.promise;
  expect(f.attempt.state).toBe("delivering");
  expect(await f.clock.runUntil(end)).toBe("completed");
  expect(f.attempt.state).toBe("ended");
});
