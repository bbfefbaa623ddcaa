import { RegisteredRunner } from "@assay/contracts";
import { temporaryDatabase } from "@assay/testing";
import type { TemporaryDatabase } from "@assay/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { testServer } from "../testing/test-server.ts";
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

const register = async (more: object) => {
  const body = { name: "host", version: "1", slots: 2, isolation: [], images: [], languages: [], ...more };
  return await server.send("POST", "/api/v1/runner/register", { token: server.runner, body });
};
const listed = async () => (await server.send("GET", "/api/v1/runners", { token: server.owner })).json;

it("says how fast a runner's machine is, as the runner measured it last", async () => {
  const { runnerId } = RegisteredRunner.parse((await register({ speedFactor: 1.25 })).json);
  expect(await listed()).toMatchObject({ items: [{ id: runnerId, speedFactor: 1.25 }] });
  await register({ speedFactor: 0.8 });
  expect(await listed()).toMatchObject({ items: [{ id: runnerId, speedFactor: 0.8 }] });
  // A runner of an older version says nothing of it.
  await register({});
  expect(await listed()).toMatchObject({ items: [{ id: runnerId, speedFactor: null }] });
});

it("refuses a speed that is none", async () => {
  for (const speedFactor of [0, -1, "fast"]) {
    expect((await register({ speedFactor })).status).toBe(400);
  }
});
