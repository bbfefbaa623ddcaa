import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ApiError } from "@assay/client";
import type { Client } from "@assay/client";
import { isSettled, routes } from "@assay/contracts";
import type { JobEvent } from "@assay/contracts";
import { packDirectory } from "@assay/judging";
import { findProcesses, sandboxOrSkip, temporaryDirectory, untilTrue } from "@assay/testing";
import { afterAll, describe, expect, test } from "vitest";
import type { Execute } from "../attempts/attempt.ts";
import { startTestServer } from "../testing/real-server.ts";
import type { TestServer } from "../testing/real-server.ts";
import { shellMachine } from "../testing/shell-machine.ts";

/*
 * A job is withdrawn at each moment of its life: real server, real runner session, real boxes. The
 * moments are held by the test, or seen from outside; nothing here waits for a time to pass.
 */

const box = await sandboxOrSkip({ slots: 2 });
afterAll(() => box[Symbol.asyncDispose]());

/** How the process of a box that stays until it is killed is recognized on this machine. */
const marks = (
  (next) => () =>
    String(next++)
)(700_000_000 + (process.pid % 100_000) * 100);
const alive = (mark: string) => findProcesses(({ commandLine }) => commandLine.includes(mark));
const isAlive = async (mark: string): Promise<boolean> => (await alive(mark)).length > 0;

const files: Readonly<Record<string, string>> = {
  "problem.yaml": "problem_format_version: legacy\nname: Echo\n",
  ".timelimit": "60\n",
  "data/sample/1.in": "1\n",
  "data/sample/1.ans": "1\n",
  "data/secret/2.in": "2\n",
  "data/secret/2.ans": "2\n",
  "data/secret/3.in": "3\n",
  "data/secret/3.ans": "3\n",
};

const scene = async () => {
  await using resources = new AsyncDisposableStack();
  const server = resources.use(await startTestServer(3));
  const directory = resources.use(await temporaryDirectory());
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(directory.path, "echo", path)), { recursive: true });
    await writeFile(join(directory.path, "echo", path), content);
  }
  await server.owner.upload(routes.uploadProblem, {
    query: { shortName: "echo" },
    body: await packDirectory(join(directory.path, "echo")),
  });
  const { execute } = resources.use(await shellMachine(box.get(), server));
  const kept = resources.move();
  return { server, execute, [Symbol.asyncDispose]: () => kept.disposeAsync() };
};

const submit = async ({ owner }: TestServer, source: string) => {
  const body = { problem: "echo", language: "python", source };
  const { id, job } = await owner.call(routes.createSubmission, { body });
  return { id, jobId: job.id };
};
const cancel = ({ owner }: TestServer, id: string) => owner.call(routes.cancelJob, { params: { id } });
const settled = async ({ owner }: TestServer, id: string) =>
  owner.call(routes.getJob, { params: { id }, query: { wait: 60 } });
const told = (events: readonly JobEvent[]): string[] =>
  events.map(({ body }) => (body.type === "state" ? body.state : body.type));

const echo = "# :\ncat\n";

/** All slots are free and whole: as many submissions as there are slots are judged at once. */
const requireSoundMachine = async (server: TestServer): Promise<void> => {
  const jobs = await Promise.all([submit(server, echo), submit(server, echo)]);
  for (const { jobId } of jobs)
    expect(await settled(server, jobId)).toMatchObject({ state: "completed", result: { verdict: "AC" } });
};

describe.skipIf(box.skip !== null)(`withdrawing a job ${box.skip ?? ""}`, () => {
  test("that waits in the queue: it is cancelled at once and never begins", async () => {
    await using s = await scene();
    const { jobId } = await submit(s.server, echo);
    expect(await cancel(s.server, jobId)).toMatchObject({ state: "cancelled", attempt: 0 });
    const begun: string[] = [];
    await s.server.runner("one", (work) => {
      begun.push(work.job.jobId);
      return s.execute(work);
    });
    await requireSoundMachine(s.server);
    expect(begun).not.toContain(jobId);
    expect(await settled(s.server, jobId)).toMatchObject({ state: "cancelled", result: null });
  });

  test("that is leased and has not begun", async () => {
    await using s = await scene();
    const leased = Promise.withResolvers<string>();
    const stopped = Promise.withResolvers<void>();
    const first: Execute = async (work) => {
      work.signal.addEventListener("abort", () => stopped.resolve());
      leased.resolve(work.job.jobId);
      await stopped.promise;
      return s.execute(work);
    };
    let isFirst = true;
    await s.server.runner("one", (work) => {
      if (!isFirst) return s.execute(work);
      isFirst = false;
      return first(work);
    });
    const { jobId } = await submit(s.server, echo);
    expect(await leased.promise).toBe(jobId);
    await cancel(s.server, jobId);
    expect(await settled(s.server, jobId)).toMatchObject({ state: "cancelled", attempt: 1, result: null });
    await requireSoundMachine(s.server);
  });

  test("that is being compiled", async () => {
    await using s = await scene();
    await s.server.runner("one", s.execute);
    const mark = marks();
    const { jobId } = await submit(s.server, `# exec sleep ${mark}\ncat\n`);
    await untilTrue(() => isAlive(mark), "the compiler runs");
    await cancel(s.server, jobId);
    expect(await settled(s.server, jobId)).toMatchObject({ state: "cancelled", result: null });
    expect(await alive(mark)).toEqual([]);
    await requireSoundMachine(s.server);
  });

  test("in the middle of its tests: those that ended have been told, the others are stopped", async () => {
    await using s = await scene();
    await s.server.runner("one", s.execute);
    const mark = marks();
    const source = `# :\nread -r n; [ "$n" = 1 ] || exec sleep ${mark}; echo "$n"\n`;
    const { jobId } = await submit(s.server, source);
    for await (const event of s.server.owner.events(jobId)) if (event.body.type === "test") break;
    await untilTrue(() => isAlive(mark), "another test runs");
    await cancel(s.server, jobId);
    expect(await settled(s.server, jobId)).toMatchObject({ state: "cancelled", result: null });
    expect(await alive(mark)).toEqual([]);
    const story = told(await Array.fromAsync(s.server.owner.events(jobId)));
    expect(story.filter((line) => line === "test")).toHaveLength(1);
    expect(story.at(-1)).toBe("cancelled");
    await requireSoundMachine(s.server);
  });

  test("whose runner is telling something: it hears at once, without a beat", async () => {
    await using s = await scene();
    const held = Promise.withResolvers<void>();
    const telling = Promise.withResolvers<void>();
    const beats: string[] = [];
    const through = (client: Client): Client => ({
      ...client,
      call: async (route, input) => {
        if (route.id === "beat") {
          beats.push(route.id);
          return Promise.reject(new Error("no beat of this test is to be heard"));
        }
        if (route.id === "appendEvents") {
          telling.resolve();
          await held.promise;
        }
        return client.call(route, input);
      },
    });
    await s.server.runner("one", s.execute, through);
    const mark = marks();
    const { jobId } = await submit(
      s.server,
      `# :\nread -r n; [ "$n" = 1 ] || exec sleep ${mark}; echo "$n"\n`,
    );
    await telling.promise;
    await untilTrue(() => isAlive(mark), "another test runs");
    await cancel(s.server, jobId);
    held.resolve();
    await untilTrue(async () => !(await isAlive(mark)), "its boxes are gone");
    expect(await settled(s.server, jobId)).toMatchObject({ state: "cancelled", attempt: 1, result: null });
  });

  test("while its result is on the way: it completes, and the result is kept", async () => {
    await using s = await scene();
    const held = Promise.withResolvers<void>();
    const settling = Promise.withResolvers<void>();
    const through = (client: Client): Client => ({
      ...client,
      call: async (route, input) => {
        if (route.id === "settle") {
          settling.resolve();
          await held.promise;
        }
        return client.call(route, input);
      },
    });
    await s.server.runner("one", s.execute, through);
    const { jobId } = await submit(s.server, echo);
    await settling.promise;
    await cancel(s.server, jobId);
    held.resolve();
    expect(await settled(s.server, jobId)).toMatchObject({ state: "completed", result: { verdict: "AC" } });
    await expect(cancel(s.server, jobId)).rejects.toThrow(ApiError);
    expect(await settled(s.server, jobId)).toMatchObject({ state: "completed", result: { verdict: "AC" } });
    await requireSoundMachine(s.server);
  });

  test("many at once, while the runner takes them: each is cancelled or completed, none is lost", async () => {
    await using s = await scene();
    const jobs = await Promise.all(Array.from({ length: 24 }, () => submit(s.server, echo)));
    const taken = Promise.withResolvers<void>();
    await s.server.runner("one", (work) => {
      taken.resolve();
      return s.execute(work);
    });
    await taken.promise;
    await Promise.allSettled(jobs.map(({ jobId }) => cancel(s.server, jobId)));
    const ends = await Promise.all(jobs.map(({ jobId }) => settled(s.server, jobId)));
    expect(ends.filter(({ state }) => !isSettled(state))).toEqual([]);
    expect(ends.filter(({ state }) => state === "failed")).toEqual([]);
    for (const { state, result } of ends) expect(result !== null).toBe(state === "completed");
    await requireSoundMachine(s.server);
  });
});
