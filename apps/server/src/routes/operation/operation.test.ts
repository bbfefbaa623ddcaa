import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { routes } from "@assay/contracts";
import { startEmbeddedPostgres } from "@assay/database";
import { temporaryDirectory, temporaryUser } from "@assay/database/testing";
import { temporaryDatabase } from "@assay/testing";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { runner } from "../../testing/factories.ts";
import { problemOf, testServer } from "../../testing/test-server.ts";

describe("operation", () => {
  it("says that it is well, and what is missing when it is not", async () => {
    await using temporary = await temporaryDatabase();
    await using server = await testServer(temporary.url);
    expect(await server.send("GET", "/healthz")).toMatchObject({
      status: 200,
      json: { status: "ok", checks: [{ name: "database", ok: true }] },
    });
    expect(await server.send("GET", "/readyz")).toMatchObject({ status: 200, json: { status: "ok" } });

    await rm(server.config.blobsDirectory, { recursive: true });
    const noBlobs = await server.send("GET", "/readyz");
    expect(noBlobs).toMatchObject({ status: 503, json: { status: "unavailable" } });
    expect(JSON.stringify(noBlobs.json)).toContain("blob directory writable");

    await temporary.database.query("update migrations set version = version + 1000 where version = 1");
    expect(JSON.stringify((await server.send("GET", "/readyz")).json)).toContain(
      "The database is at version 100",
    );
  });

  it("answers 503 with Retry-After while the database is away, and recovers", async () => {
    const dataDirectory = await temporaryDirectory();
    const start = () =>
      startEmbeddedPostgres({
        dataDirectory,
        user: temporaryUser(),
        clients: [],
        log: () => {},
        signal: new AbortController().signal,
      });
    const postgres = await start();
    await using server = await testServer(postgres.url);
    const body = { language: "python", source: "1" };
    const submit = () => server.send("POST", "/api/v1/runs", { token: server.owner, body });
    const submitted = await submit();
    expect(submitted.status).toBe(201);
    const { id } = z.object({ id: z.uuid() }).parse(submitted.json);

    await postgres[Symbol.asyncDispose]();
    const refused = await submit();
    expect(problemOf(refused)).toMatchObject({
      status: 503,
      code: "database_unavailable",
      fault: "platform",
    });
    expect(refused.headers.get("retry-after")).toMatch(/^\d+$/);
    const health = await server.send("GET", "/healthz");
    expect(health).toMatchObject({ status: 503, json: { checks: [{ name: "database", ok: false }] } });

    await using again = await start();
    expect(again.url).toBe(postgres.url);
    expect((await server.send("GET", "/healthz")).status).toBe(200);
    expect((await submit()).status).toBe(201);
    expect((await server.send("GET", `/api/v1/runs/${id}`, { token: server.owner })).json).toMatchObject({
      id,
    });
  });

  it("describes every route as OpenAPI 3.1", async () => {
    await using temporary = await temporaryDatabase();
    await using server = await testServer(temporary.url);
    const { json } = await server.send("GET", "/api/v1/openapi.json");
    const document = z
      .object({
        openapi: z.string(),
        paths: z.record(z.string(), z.record(z.string(), z.looseObject({ operationId: z.string() }))),
        components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
      })
      .parse(json);
    expect(document.openapi).toBe("3.1.0");
    const described = Object.values(document.paths).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    );
    expect(described.toSorted()).toEqual(
      Object.values(routes)
        .map(({ id }) => id)
        .toSorted(),
    );
    const references = [...JSON.stringify(json).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(
      (match) => match[1],
    );
    for (const name of references) expect(document.components.schemas).toHaveProperty([name ?? ""]);
    expect(document.components.schemas).toHaveProperty("Problem");
    expect(JSON.stringify(document.paths["/api/v1/problems"])).toContain('"application/gzip"');
    expect(JSON.stringify(document.paths["/api/v1/runs"])).toContain('"application/problem+json"');
  });

  it("makes the first tokens once, for this user's eyes only", async () => {
    await using temporary = await temporaryDatabase();
    await using first = await testServer(temporary.url);
    expect(first.running.firstStart).toEqual({ ownerToken: first.owner });
    for (const name of ["owner.token", "runner.token"])
      expect((await stat(join(first.config.secretsDirectory, name))).mode & 0o777).toBe(0o600);
    expect((await stat(first.config.secretsDirectory)).mode & 0o777).toBe(0o700);
    await using second = await testServer(temporary.url);
    expect(second.running.firstStart).toBeNull();
    expect((await second.send("GET", "/api/v1/jobs", { token: first.owner })).status).toBe(200);
  });

  it("makes them once when several servers start at once", async () => {
    await using temporary = await temporaryDatabase({ migrated: false });
    const servers = await Promise.all([1, 2, 3].map(() => testServer(temporary.url)));
    expect(servers.filter(({ running }) => running.firstStart !== null).length).toBe(1);
    for (const server of servers) await server[Symbol.asyncDispose]();
  });

  it("answers held requests at once when it stops, and finishes what runs", async () => {
    await using temporary = await temporaryDatabase();
    await using server = await testServer(temporary.url, { leaseSeconds: 3600 });
    const body = { language: "python", source: "1" };
    const { json } = await server.send("POST", "/api/v1/runs", { token: server.owner, body });
    const { id } = z.object({ id: z.uuid() }).parse(json);
    const runnerId = await runner(server, { languages: [] });
    const held = [
      server.send("GET", `/api/v1/runs/${id}?wait=60`, { token: server.owner }),
      server.send("POST", "/api/v1/runner/lease", {
        token: server.runner,
        body: { runnerId, max: 1, waitSeconds: 60 },
      }),
    ];
    const story = await fetch(`${server.running.url}/api/v1/jobs/${id}/events`, {
      headers: { authorization: `Bearer ${server.owner}` },
    });
    await server.running[Symbol.asyncDispose]();
    const [run, lease] = await Promise.all(held);
    expect(run).toMatchObject({ status: 200, json: { state: "queued" } });
    expect(lease).toMatchObject({ status: 200, json: { jobs: [] } });
    expect(await story.text()).toContain("event: state");
    await expect(server.send("GET", "/healthz")).rejects.toThrow("fetch failed");
  });
});
