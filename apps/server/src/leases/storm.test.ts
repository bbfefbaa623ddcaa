import { JobEventBody, LeaseResponse } from "@assay/contracts";
import { temporaryDatabase } from "@assay/testing";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { runResult, runner } from "../testing/factories.ts";
import { testServer } from "../testing/test-server.ts";
import type { TestServer } from "../testing/test-server.ts";

const Id = z.object({ id: z.uuid() });
const count = 60;

const output = (text: string) => ({ type: "output", stream: "stdout", text });

/** The same numbers in every run: a failure can be looked at again. */
function* numbers(seed: number): Generator<number, never> {
  for (let value = seed; ;) {
    value = (Math.imul(value, 1_664_525) + 1_013_904_223) >>> 0;
    yield value / 2 ** 32;
  }
}

/**
 * A runner that talks too much: it repeats itself, forgets jobs, gives some back, and asks several
 * things at once.
 */
async function clumsyRunner(
  server: TestServer,
  name: string,
  seed: number,
  done: () => boolean,
): Promise<void> {
  const random = numbers(seed);
  const runnerId = await runner(server, { name });
  const call = async (path: string, body: unknown): Promise<unknown> => {
    const { status, json } = await server.send("POST", `/api/v1/runner/${path}`, {
      token: server.runner,
      body,
    });
    // A refused fence is what it has to live with; everything else would be a fault of the server.
    if (status >= 400 && status !== 409) throw new Error(`${path}: ${status} ${JSON.stringify(json)}`);
    return json;
  };
  while (!done()) {
    const { jobs } = LeaseResponse.parse(await call("lease", { runnerId, max: 5, waitSeconds: 0.2 }));
    await Promise.all(
      jobs.map(async ({ jobId, attempt }) => {
        const path = `jobs/${jobId}/attempts/${attempt}`;
        const told = { offset: 0, events: [output("a"), output("b")] };
        const talk = () => [
          call(`${path}/events`, told),
          call("beat", { runnerId, attempts: [{ jobId, attempt }] }),
          call(`${path}/events`, told),
        ];
        const chance = random.next().value;
        if (chance < 0.2) return;
        if (chance < 0.6) await Promise.all(talk());
        const settlement =
          chance > 0.9
            ? { how: "released", reason: "clumsy" }
            : { how: "completed", result: runResult(name) };
        const settle = () => call(`${path}/settle`, { ...told, settlement });
        await Promise.all([settle(), ...talk(), settle()]);
      }),
    );
  }
}

describe("a storm of clumsy runners", () => {
  it("ends with one result for each job, and with a story without gaps or repetitions", async () => {
    await using temporary = await temporaryDatabase();
    await using server = await testServer(temporary.url, { maxAttempts: 50, leaseSeconds: 3600 });
    const over = new AbortController();
    // Leases that were forgotten run out early, now and then also one that is still worked on.
    const impatience = (async () => {
      while (!over.signal.aborted) {
        await temporary.database.query(
          "update pgboss.job set heartbeat_on = now() - interval '1 day' where state = 'active' and random() < 0.5",
        );
        await server.send("GET", "/api/v1/jobs?limit=200", { token: server.owner });
      }
    })();
    const runners = [1, 2, 3].map((seed) =>
      clumsyRunner(server, `r${seed}`, seed, () => over.signal.aborted),
    );
    const submitted = await Promise.all(
      Array.from({ length: count }, async () => {
        const body = { language: "python", source: "1" };
        const { json } = await server.send("POST", "/api/v1/runs", { token: server.owner, body });
        return Id.parse(json).id;
      }),
    );
    const settled = submitted.map(async (id) => {
      for (;;) {
        const { json } = await server.send("GET", `/api/v1/jobs/${id}?wait=20`, { token: server.owner });
        const { state } = z.object({ state: z.string() }).parse(json);
        if (state === "completed") return;
        if (state === "failed" || state === "cancelled") throw new Error(`${id} is ${state}`);
      }
    });
    await Promise.race([Promise.all(settled), ...runners]);
    over.abort();
    await Promise.all([impatience, ...runners]);

    const { rows } = await temporary.database.query(
      "select job_id, seq, body from job_events order by job_id, seq",
    );
    const Row = z.object({ job_id: z.string(), seq: z.int(), body: JobEventBody });
    const stories = Map.groupBy(z.array(Row).parse(rows), ({ job_id }) => job_id);
    expect(stories.size).toBe(count);
    for (const story of stories.values()) {
      expect(story.map(({ seq }) => seq)).toEqual(story.map((_, index) => index + 1));
      const told = story
        .map(({ body }) =>
          body.type === "state" ? `${body.state};` : body.type === "output" ? body.text : "",
        )
        .join("");
      // Each attempt tells nothing or all of it, once, and the last one completes.
      expect(told).toMatch(
        /^queued;(?:leased;(?:running;)?(?:ab)?(?:queued;)?)*leased;(?:running;)?abcompleted;$/,
      );
    }
    const left = await temporary.database.query(
      "select count(*) from pgboss.job where name not like 'assay/%'",
    );
    expect(left.rows[0]).toEqual({ count: 0 });
  });
});
