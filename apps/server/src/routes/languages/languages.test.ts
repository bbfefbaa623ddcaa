import { LanguageDetail, LanguageList } from "@assay/contracts";
import { languages } from "@assay/languages";
import { temporaryDatabase } from "@assay/testing";
import type { TemporaryDatabase } from "@assay/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { offer, runner } from "../../testing/factories.ts";
import { problemOf, testServer } from "../../testing/test-server.ts";
import type { Received, TestServer } from "../../testing/test-server.ts";

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

const list = async (): Promise<LanguageList> =>
  LanguageList.parse((await server.send("GET", "/api/v1/languages", { token: server.owner })).json);
const get = (id: string): Promise<Received> =>
  server.send("GET", `/api/v1/languages/${encodeURIComponent(id)}`, { token: server.owner });
const byRunner = <Offer extends { readonly runner: string }>(offers: readonly Offer[] = []): Offer[] =>
  offers.toSorted((a, b) => (a.runner < b.runner ? -1 : 1));

it("lists the whole catalogue before any runner is there, with what an editor needs", async () => {
  const { probes, items } = await list();
  expect(probes).toEqual([]);
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
  const hello = { name: "hello", status: "passed" as const, reason: null };
  const none = { name: "files", status: "skipped" as const, reason: "it has no files of its own" };
  const network = { name: "socket", status: "failed" as const, reason: "it reached the network" };
  const passed = { at, passed: true, probes: [hello, none] };
  const failed = { at, passed: false, probes: [hello, network] };
  await runner(server, { name: "good", languages: [{ ...offer("python"), test: passed }, offer("c")] });
  await runner(server, {
    name: "bad",
    languages: [{ ...offer("python", false, "its probes failed: socket"), test: failed }],
  });
  const { probes, items } = await list();
  expect(probes.toSorted()).toEqual(["files", "hello", "socket"]);
  const python = items.find(({ id }) => id === "python");
  expect(python).toMatchObject({ available: true, version: "1.0", reason: null });
  expect(byRunner(python?.runners)).toMatchObject([
    {
      runner: "bad",
      available: false,
      reason: "its probes failed: socket",
      test: { at, passed: false, failed: [{ name: "socket", reason: network.reason }], skipped: ["files"] },
    },
    { runner: "good", available: true, reason: null, test: { at, passed: true, failed: [] } },
  ]);
  // What a runner's report does not name did not pass there.
  expect(byRunner(python?.runners)[1]?.test?.skipped.toSorted()).toEqual(["files", "socket"]);
  // Its version was asked for, and no more.
  expect(items.find(({ id }) => id === "c")?.runners).toMatchObject([{ runner: "good", test: null }]);

  const whole = LanguageDetail.parse((await get("python")).json);
  expect({ ...whole, runners: [] }).toEqual({ ...python, runners: [] });
  expect(byRunner(whole.runners).map(({ test }) => test)).toEqual([failed, passed]);
  expect(problemOf(await get("python@2000"))).toMatchObject({ status: 404, code: "not_found" });

  const { json } = await server.send("GET", "/api/v1/runners", { token: server.owner });
  expect(JSON.stringify(json)).toContain('"id":"python"');
  expect(JSON.stringify(json)).not.toContain("it reached the network");
});
