import { LeaseResponse } from "@assay/contracts";
import { temporaryDatabase } from "@assay/testing";
import type { TemporaryDatabase } from "@assay/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { offer, runner } from "../testing/factories.ts";
import { problemOf, testServer } from "../testing/test-server.ts";
import type { TestServer } from "../testing/test-server.ts";

let temporary: TemporaryDatabase;
let server: TestServer;
beforeAll(async () => {
  temporary = await temporaryDatabase();
  server = await testServer(temporary.url, {});
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await temporary[Symbol.asyncDispose]();
});

const run = (isolation: string | null) =>
  server.send("POST", "/api/v1/runs", {
    token: server.owner,
    body: { language: "python", source: "print(42)", requires: { isolation } },
  });
const idOf = (value: unknown): string => z.object({ id: z.uuid() }).parse(value).id;
const leasedBy = async (runnerId: string): Promise<string[]> => {
  const { json } = await server.send("POST", "/api/v1/runner/lease", {
    token: server.runner,
    body: { runnerId, max: 10, waitSeconds: 0 },
  });
  return LeaseResponse.parse(json).jobs.map(({ jobId }) => jobId);
};

describe("a job that requires isolation", () => {
  it("waits while no runner is there, then goes only to who has it", async () => {
    const strong = await run("gvisor");
    expect(strong.json).toMatchObject({ waitingFor: "No runner is connected." });
    const boxes = await runner(server, {
      name: "boxes",
      languages: [offer("python", true, null, ["namespaces+cgroup+seccomp"])],
    });
    expect(await leasedBy(boxes)).toEqual([]);
    const read = await server.send("GET", `/api/v1/runs/${idOf(strong.json)}`, { token: server.owner });
    expect(read.json).toMatchObject({
      state: "queued",
      waitingFor: "No connected runner gives the isolation gvisor; there is namespaces+cgroup+seccomp.",
    });
    const kernels = await runner(server, {
      name: "kernels",
      languages: [offer("python", true, null, ["namespaces+rlimits+seccomp", "gvisor"])],
    });
    expect(await leasedBy(kernels)).toEqual([idOf(strong.json)]);
  });

  it("is refused when the runners that are there can't have it", async () => {
    await runner(server, { name: "kernels", languages: [offer("python", true, null, ["gvisor"])] });
    await runner(server, { name: "boxes", languages: [offer("python", true, null, ["wasm"])] });
    const refused = await run("namespaces+cgroup+seccomp");
    expect(problemOf(refused)).toMatchObject({ status: 422, code: "isolation_unavailable" });
    expect((await run("no such level")).status).toBe(400);
  });

  it("never runs in WebAssembly without having asked for that", async () => {
    await runner(server, { name: "kernels", languages: [offer("python", false)] });
    const wasm = await runner(server, { name: "boxes", languages: [offer("python", true, null, ["wasm"])] });
    expect(problemOf(await run(null))).toMatchObject({ code: "isolation_unavailable" });
    const asked = await run("wasm");
    expect(await leasedBy(wasm)).toEqual([idOf(asked.json)]);
  });
});
