import { join } from "node:path";
import { createClient, type Client } from "@assay/client";
import { routes, type JobEvent, type Run } from "@assay/contracts";
import { packDirectory } from "@assay/judging";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hideAndSeek, type Report } from "./e2e/hide-and-seek.ts";
import { startEphemeralStack, type EphemeralStack } from "./stack/ephemeral.ts";
import { checkout } from "./stack/paths.ts";
import type { PartName } from "./stack/stack.ts";
import { uploadPackage } from "./upload.ts";

const isRoot = process.getuid?.() === 0;
const packagePath = join(checkout, "content/problems/framed-note");

const isLeased = ({ body }: JobEvent): boolean => body.type === "state" && body.state === "leased";

describe.skipIf(!isRoot)("the platform, from outside (needs root)", () => {
  const never = new AbortController().signal;
  let stack: EphemeralStack;
  let client: Client;

  beforeAll(async () => {
    // Short, so that a killed runner's job is given on soon; a setting that the stack passes on.
    process.env["ASSAY_LEASE_SECONDS"] = "5";
    stack = await startEphemeralStack({ languages: ["python"], slots: 2 }, never);
    client = createClient({ baseUrl: stack.url, token: stack.ownerToken });
  });
  afterAll(async () => {
    await client[Symbol.asyncDispose]();
    await stack[Symbol.asyncDispose]();
    delete process.env["ASSAY_LEASE_SECONDS"];
  });

  const start = (source: string, args: readonly string[] = []): Promise<Run> =>
    client.call(routes.createRun, {
      query: { wait: 0 },
      body: { language: "python", source, args: [...args] },
      signal: never,
    });
  const finished = (id: string): Promise<Run> =>
    client.call(routes.getRun, { params: { id }, query: { wait: 60 }, signal: never });

  /** The events of a job from now on, up to the first that is as asked for. */
  async function until(jobId: string, isIt: (event: JobEvent) => boolean): Promise<JobEvent[]> {
    const events: JobEvent[] = [];
    for await (const event of client.events(jobId, { signal: never })) {
      events.push(event);
      if (isIt(event)) return events;
    }
    throw new Error(`job ${jobId} ended before that`);
  }

  const kill = (part: PartName): void => {
    const pid = stack.pids()[part];
    if (pid === null) throw new Error(`${part} does not run here`);
    process.kill(pid, "SIGKILL");
  };

  test("two jobs in parallel can't see each other by any means", async () => {
    const runs = await Promise.all([
      start(hideAndSeek, ["alice", "bob"]),
      start(hideAndSeek, ["bob", "alice"]),
    ]);
    const [alice, bob] = (await Promise.all(runs.map(({ id }) => finished(id)))).map(({ result }) => {
      expect(result?.outcome?.exitCode, result?.stderr.text).toBe(0);
      return JSON.parse(result?.stdout.text ?? "") as Report;
    });
    if (!alice || !bob) throw new Error("two runs have two reports");
    // Each looked while the other's things were there.
    expect(alice.hidden).toBeLessThan(bob.looked);
    expect(bob.hidden).toBeLessThan(alice.looked);
    for (const { own, others } of [alice, bob]) {
      // Seeing one's own things is what shows that looking works.
      expect(own).toEqual([
        "abstract socket",
        "file",
        "message queue",
        "process",
        "semaphore",
        "shared memory",
      ]);
      expect(others).toEqual([]);
    }
    for (const { loopback } of [alice, bob]) expect(loopback).toMatch(/EPERM|ENETUNREACH|EACCES/);
  });

  test("the same package again and again is one problem", async () => {
    const body = await packDirectory(packagePath);
    const upload = () => client.upload(routes.uploadProblem, { query: {}, body, signal: never });
    const answers = await Promise.all([upload(), upload(), upload(), upload()]);
    expect(answers.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
    expect((await uploadPackage(client, packagePath, never)).id).toBe(answers[0]?.body.id);
  });

  test("a story that is left and taken up again has no gap and nothing twice", async () => {
    const { id } = await start("for n in range(3): print(n)");
    const first = await until(id, isLeased);
    const rest: JobEvent[] = [];
    for await (const event of client.events(id, { lastEventId: first.length, signal: never }))
      rest.push(event);
    const whole: JobEvent[] = [];
    for await (const event of client.events(id, { signal: never })) whole.push(event);
    expect([...first, ...rest]).toEqual(whole);
    expect(whole.map(({ seq }) => seq)).toEqual(whole.map((_, index) => index + 1));
  });

  test("a request in the story's own format resumes by its header", async () => {
    const { id } = await start("print(1)");
    await finished(id);
    const read = async (lastEventId: string): Promise<string[]> => {
      const response = await fetch(`${stack.url}/api/v1/jobs/${id}/events`, {
        headers: { authorization: `Bearer ${stack.ownerToken}`, "last-event-id": lastEventId },
      });
      return [...(await response.text()).matchAll(/^id: (\d+)$/gm)].map(([, seq]) => seq ?? "");
    };
    const all = await read("0");
    expect(all.length).toBeGreaterThan(2);
    expect(await read("2")).toEqual(all.slice(2));
    expect(await read(String(all.length))).toEqual([]);
  });

  test("a job whose runner is killed is leased again, as the next attempt, and has one result", async () => {
    const { id } = await start("import time\ntime.sleep(2)\nprint('done')");
    await until(id, isLeased);
    kill("runner");
    const settled = await finished(id);
    expect(settled).toMatchObject({ state: "completed", attempt: 2, result: { stdout: { text: "done\n" } } });
    const states = (
      await until(id, ({ body }) => body.type === "state" && body.state === "completed")
    ).flatMap(({ body }) => (body.type === "state" && body.state === "leased" ? [body.attempt] : []));
    expect(states).toEqual([1, 2]);
  });

  test("a database that goes away is told with 503, and the result of the job under way still arrives", async () => {
    const { id } = await start("import time\ntime.sleep(2)\nprint('kept')");
    await until(id, isLeased);
    kill("postgres");
    const refusal = await firstRefusal();
    expect(refusal.status).toBe(503);
    expect(Number(refusal.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await refusal.json()).toMatchObject({ code: "database_unavailable", fault: "platform" });
    await finally200();
    expect(await finished(id)).toMatchObject({
      state: "completed",
      attempt: 1,
      result: { stdout: { text: "kept\n" } },
    });
  });

  const ask = (): Promise<Response> =>
    fetch(`${stack.url}/api/v1/jobs?limit=1`, { headers: { authorization: `Bearer ${stack.ownerToken}` } });

  async function firstRefusal(): Promise<Response> {
    for (;;) {
      const response = await ask();
      if (response.status !== 200) return response;
      await response.body?.cancel();
    }
  }

  async function finally200(): Promise<void> {
    for (;;) {
      const response = await ask();
      await response.body?.cancel();
      if (response.status === 200) return;
    }
  }
});
