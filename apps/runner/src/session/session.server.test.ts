import { routes } from "@assay/contracts";
import type { JobEvent, LeasedJob } from "@assay/contracts";
import { expect, test } from "vitest";
import type { Execute } from "../attempts/attempt.ts";
import { GivenBack, ImageNotHad, Lacking } from "../attempts/endings.ts";
import { startTestServer } from "../testing/real-server.ts";
import { output, someResult } from "../testing/results.ts";

const body = { language: "python", source: "print(1)" };

/** Work that begins and then waits for the test, or for its end. */
const heldWork = () => {
  const begun = Promise.withResolvers<LeasedJob>();
  const goOn = Promise.withResolvers<void>();
  const stopped = Promise.withResolvers<unknown>();
  const execute: Execute = async ({ job, signal, emit }) => {
    signal.addEventListener("abort", () => {
      stopped.resolve(signal.reason);
      goOn.resolve();
    });
    emit(output("begun"));
    begun.resolve(job);
    await goOn.promise;
    emit(output("done"));
    return someResult;
  };
  return { execute, begun: begun.promise, stopped: stopped.promise, goOn: () => goOn.resolve() };
};

const told = (events: readonly JobEvent[]): string[] =>
  events.map(({ body }) => (body.type === "state" ? `${body.state} ${body.attempt}` : body.type));

test("a job goes to the runner and its result and story come back", async () => {
  await using server = await startTestServer(15);
  await server.runner("one", async ({ emit }) => {
    emit(output("hello"));
    return someResult;
  });
  const run = await server.owner.call(routes.createRun, { body, query: { wait: 30 } });
  expect(run).toMatchObject({ state: "completed", attempt: 1, result: someResult });
  const story = await Array.fromAsync(server.owner.events(run.id));
  expect(told(story)).toEqual(["queued 0", "leased 1", "output", "completed 1"]);
});

test("the image that a run names goes along with it", async () => {
  await using server = await startTestServer(15);
  const images: unknown[] = [];
  await server.runner("one", async ({ job: { payload } }) => {
    images.push("image" in payload ? payload.image : null);
    return someResult;
  });
  for (const image of ["mine", "0".repeat(64)])
    await server.owner.call(routes.createRun, { body: { ...body, image }, query: { wait: 30 } });
  await server.owner.call(routes.createRun, { body, query: { wait: 30 } });
  expect(images).toEqual(["mine", "0".repeat(64), null]);
});

test("a cancelled job is stopped and settled so", async () => {
  await using server = await startTestServer(3);
  const work = heldWork();
  await server.runner("one", work.execute);
  const { id } = await server.owner.call(routes.createRun, { body });
  await work.begun;
  await server.owner.call(routes.cancelJob, { params: { id } });
  expect(await work.stopped).toMatchObject({ name: "JobCancelled" });
  const job = await server.owner.call(routes.getJob, { params: { id }, query: { wait: 30 } });
  expect(job).toMatchObject({ state: "cancelled", result: null });
});

test("a server that restarts gets the result of the same attempt, once, and the runner goes on", async () => {
  await using server = await startTestServer(15);
  const work = heldWork();
  await server.runner("one", work.execute);
  const { id } = await server.owner.call(routes.createRun, { body });
  await work.begun;
  await server.stop();
  work.goOn();
  await server.start();
  const job = await server.owner.call(routes.getJob, { params: { id }, query: { wait: 30 } });
  expect(job).toMatchObject({ state: "completed", attempt: 1 });
  const story = told(await Array.fromAsync(server.owner.events(id)));
  expect(story.filter((line) => line === "output")).toHaveLength(2);
  expect(story.at(-1)).toBe("completed 1");
  const next = await server.owner.call(routes.createRun, { body, query: { wait: 30 } });
  expect(next).toMatchObject({ state: "completed", attempt: 1 });
});

test("a job of a runner that fell silent is leased again, with a higher fence", async () => {
  await using server = await startTestServer(2);
  const work = heldWork();
  const silent = await server.runner("silent", work.execute);
  const { id } = await server.owner.call(routes.createRun, { body });
  expect(await work.begun).toMatchObject({ jobId: id, attempt: 1 });
  await silent[Symbol.asyncDispose]();
  await server.runner("other", () => Promise.resolve(someResult));
  const job = await server.owner.call(routes.getJob, { params: { id }, query: { wait: 30 } });
  expect(job).toMatchObject({ state: "completed", attempt: 2 });
});

test("a job that is given back is leased again; when all attempts are used up it fails with the reason", async () => {
  await using server = await startTestServer(15);
  await server.runner("one", () => Promise.reject(new GivenBack("no sandbox here")));
  const run = await server.owner.call(routes.createRun, { body, query: { wait: 60 } });
  expect(run.state).toBe("failed");
  expect(run.failure?.message).toContain("no sandbox here");
  expect(run.result).toBeNull();
});

test("a job that three machines can't run for want of an image is run by the fourth that has it", async () => {
  await using server = await startTestServer(15);
  const tried: string[] = [];
  const allTried = Promise.withResolvers<void>();
  const lacking = (name: string): Execute => {
    const Ending = name === "damaged" ? Lacking : ImageNotHad;
    return async () => {
      tried.push(name);
      if (tried.length === 3) allTried.resolve();
      throw new Ending(`the image is not here: ${name}`);
    };
  };
  await server.runner(
    "sound",
    () => Promise.resolve(someResult),
    (client) => ({
      ...client,
      call: async (route, input) => {
        if (route.id === "leaseJobs") await allTried.promise;
        return client.call(route, input);
      },
    }),
  );
  const { id } = await server.owner.call(routes.createRun, { body });
  for (const name of ["missing", "damaged", "full"]) await server.runner(name, lacking(name));
  const job = await server.owner.call(routes.getJob, { params: { id }, query: { wait: 30 } });
  expect(job).toMatchObject({ state: "completed", attempt: 4 });
  // Each of them once, though none of them stopped asking for work.
  expect(tried.toSorted()).toEqual(["damaged", "full", "missing"]);
});
