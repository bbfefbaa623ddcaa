import { LanguageStatus } from "@assay/contracts";
import { languages } from "@assay/languages";
import { temporaryDatabase } from "@assay/testing";
import type { TemporaryDatabase } from "@assay/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { offer, runner } from "../../testing/factories.ts";
import { testServer } from "../../testing/test-server.ts";
import type { TestServer } from "../../testing/test-server.ts";

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

const listed = async () => {
  const { json } = await server.send("GET", "/api/v1/languages", { token: server.owner });
  return z.object({ items: z.array(LanguageStatus) }).parse(json).items;
};
const find = async (id: string) => (await listed()).find((language) => language.id === id);

it("lists the whole catalogue before any runner is there, with what an editor needs", async () => {
  const items = await listed();
  expect(items.map(({ id }) => id).toSorted()).toEqual([...languages.keys()].toSorted());
  expect(items.every(({ available, runners }) => !available && runners.length === 0)).toBe(true);
  expect(items.find(({ id }) => id === "python")).toMatchObject({
    family: "python",
    release: "3.11",
    highlighting: "python",
    hello: expect.stringContaining("Hello, World!"),
    template: expect.stringContaining("main()"),
  });
  for (const { id, hello, template } of items) {
    expect(hello, id).not.toBe(null);
    expect(template, id).not.toBe(null);
  }
});

it("says what passed on which runner and when, and why a language is not offered", async () => {
  const at = "2026-01-02T03:04:05.000Z";
  const passed = { at, passed: true, probes: [{ name: "hello", status: "passed" as const, reason: null }] };
  const failed = {
    at,
    passed: false,
    probes: [{ name: "socket", status: "failed" as const, reason: "it reached the network" }],
  };
  await runner(server, { name: "good", languages: [{ ...offer("python"), test: passed }, offer("c")] });
  await runner(server, {
    name: "bad",
    languages: [{ ...offer("python", false, "its probes failed: socket"), test: failed }],
  });
  const python = await find("python");
  expect(python).toMatchObject({ available: true, version: "1.0", reason: null });
  expect(python?.runners.toSorted((a, b) => (a.runner < b.runner ? -1 : 1))).toMatchObject([
    { runner: "bad", available: false, reason: "its probes failed: socket", test: failed },
    { runner: "good", available: true, reason: null, test: passed },
  ]);
  // Its version was asked for, and no more.
  expect((await find("c"))?.runners).toMatchObject([{ runner: "good", available: true, test: null }]);
});
