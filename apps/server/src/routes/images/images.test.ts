import { createHash, randomBytes } from "node:crypto";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { ImagesInUse, PublishedImage, RegisteredRunner } from "@assay/contracts";
import { createDatabase } from "@assay/database";
import type { Database } from "@assay/database";
import { temporaryDatabase } from "@assay/testing";
import type { TemporaryDatabase } from "@assay/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { sweepBlobs } from "../../images/sweep.ts";
import { organization, runResult, runner, token, upload, packed, sumFiles } from "../../testing/factories.ts";
import { problemOf, testServer } from "../../testing/test-server.ts";
import type { Received, TestServer } from "../../testing/test-server.ts";
import { openDirectoryStore } from "@assay/blobs";

let temporary: TemporaryDatabase;
let server: TestServer;
let database: Database;
let others: Awaited<ReturnType<typeof organization>>["tokens"];
beforeAll(async () => {
  temporary = await temporaryDatabase();
  server = await testServer(temporary.url, { blobGraceSeconds: 3600, maxImageBlobBytes: 100_000 });
  database = createDatabase(temporary.url, { max: 2, applicationName: "test", onIdleError: () => {} });
  others = (await organization(database, "others")).tokens;
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await temporary[Symbol.asyncDispose]();
});

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const bytesOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const octets = { "content-type": "application/octet-stream" };

interface Pushed {
  readonly blobs: readonly Buffer[];
  readonly body: { readonly name: string; readonly digest: string; readonly manifest: string };
}

/** An image of these layers; that its tree is theirs is not the server's to know. */
const imageOf = (name: string, layers: readonly Buffer[]): Pushed => {
  const config = bytesOf({ architecture: "amd64", os: "linux", name });
  const described = (bytes: Buffer) => ({ digest: `sha256:${sha256(bytes)}`, size: bytes.length });
  const manifest = bytesOf({
    schemaVersion: 2,
    config: described(config),
    layers: layers.map(described),
  });
  const body = {
    name,
    digest: sha256(Buffer.from(`tree of ${name} ${sha256(manifest)}`)),
    manifest: sha256(manifest),
    architecture: "amd64",
    sizeBytes: 1234,
    languages: [{ id: "python", version: "3.11.2" }],
  };
  return { body, blobs: [manifest, config, ...layers] };
};

const put = (bytes: Uint8Array, bearer = server.owner, digest = sha256(bytes)): Promise<Received> =>
  server.send("PUT", `/api/v1/images/blobs/${digest}`, { token: bearer, body: bytes, headers: octets });
const publish = (body: unknown, bearer = server.owner): Promise<Received> =>
  server.send("POST", "/api/v1/images", { token: bearer, body });
const withdraw = (digest: string, bearer = server.owner): Promise<Received> =>
  server.send("DELETE", `/api/v1/images/${digest}`, { token: bearer });
const missing = async (digests: readonly string[], bearer = server.owner) =>
  z
    .object({ digests: z.array(z.string()) })
    .parse((await server.send("POST", "/api/v1/images/missing", { token: bearer, body: { digests } })).json)
    .digests;

const push = async (pushed: Pushed, bearer = server.owner): Promise<PublishedImage> => {
  for (const bytes of pushed.blobs) expect((await put(bytes, bearer)).status).toBe(201);
  return PublishedImage.parse((await publish(pushed.body, bearer)).json);
};

const fetchBlob = (image: string, blob: string, bearer: string): Promise<Response> =>
  fetch(`${server.running.url}/api/v1/runner/images/${image}/blobs/${blob}`, {
    headers: { authorization: `Bearer ${bearer}` },
  });
const isKept = (bytes: Uint8Array): Promise<boolean> => {
  const digest = sha256(bytes);
  return stat(join(server.config.blobsDirectory, digest.slice(0, 2), digest.slice(2, 4), digest)).then(
    () => true,
    () => false,
  );
};
/** As the server does now and then, with another idea of how long an upload may take. */
const sweep = async (blobGraceSeconds: number): Promise<void> =>
  sweepBlobs({
    config: { ...server.config, blobGraceSeconds },
    database,
    blobs: await openDirectoryStore({ directory: server.config.blobsDirectory }),
  });

describe("publishing", () => {
  it("takes an image whose blobs are there, and gives each part of it to the organization's runners", async () => {
    const pushed = imageOf("python", [randomBytes(50_000), randomBytes(10)]);
    expect(await missing(pushed.blobs.map(sha256))).toEqual(pushed.blobs.map(sha256));
    const image = await push(pushed);
    expect(image).toMatchObject({
      ...pushed.body,
      manifest: { digest: pushed.body.manifest },
      layers: [{ size: 50_000 }, { size: 10 }],
      transferBytes: pushed.blobs.reduce((sum, { length }) => sum + length, 0),
    });
    expect(await missing(pushed.blobs.map(sha256))).toEqual([]);
    const listed = await server.send("GET", "/api/v1/runner/images", { token: server.runner });
    expect(listed.json).toMatchObject({ items: [{ digest: image.digest }] });
    for (const bytes of pushed.blobs) {
      const response = await fetchBlob(image.digest, sha256(bytes), server.runner);
      expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
    }
  });

  it("is the same image when it is published again, and the newest of its name", async () => {
    const [first, second] = [imageOf("bash", [randomBytes(10)]), imageOf("bash", [randomBytes(10)])];
    await push(first);
    await push(second);
    const again = await publish(first.body);
    expect(again.status).toBe(200);
    const { json } = await server.send("GET", "/api/v1/images", { token: server.owner });
    const { items } = z.object({ items: z.array(PublishedImage) }).parse(json);
    expect(items.filter(({ name }) => name === "bash").map(({ digest }) => digest)).toEqual([
      first.body.digest,
      second.body.digest,
    ]);
    const renamed = await publish({ ...first.body, name: "zsh" });
    expect(problemOf(renamed)).toMatchObject({ status: 409, code: "conflict" });
  });

  it("names the blobs that were not uploaded, so that a push that broke off goes on", async () => {
    const pushed = imageOf("ruby", [randomBytes(10), randomBytes(20)]);
    const [manifest, config, low, high] = pushed.blobs;
    if (!manifest || !config || !low || !high) throw new Error("an image has four blobs here");
    expect(problemOf(await publish(pushed.body))).toMatchObject({ code: "image_incomplete" });
    for (const bytes of [manifest, config, low]) await put(bytes);
    const refused = problemOf(await publish(pushed.body));
    expect(refused).toMatchObject({ status: 409, code: "image_incomplete" });
    expect(refused.issues.map(({ where }) => where)).toEqual([sha256(high)]);
    expect(await missing(pushed.blobs.map(sha256))).toEqual([sha256(high)]);
    await put(high);
    expect((await publish(pushed.body)).status).toBe(201);
  });

  it("refuses bytes of another digest and more than a blob may have, and keeps nothing of them", async () => {
    const bytes = randomBytes(100);
    const wrong = await put(bytes, server.owner, sha256(randomBytes(1)));
    expect(problemOf(wrong)).toMatchObject({ status: 422, code: "blob_mismatch" });
    const large = randomBytes(100_001);
    expect(problemOf(await put(large))).toMatchObject({ status: 413, code: "too_large" });
    const chunked = await fetch(`${server.running.url}/api/v1/images/blobs/${sha256(large)}`, {
      method: "PUT",
      headers: { ...octets, authorization: `Bearer ${server.owner}` },
      body: new Blob([large]).stream(),
      duplex: "half",
    });
    expect(chunked.status).toBe(413);
    expect([await isKept(bytes), await isKept(large)]).toEqual([false, false]);
    expect(await missing([sha256(bytes), sha256(large)])).toHaveLength(2);
  });

  it.each([
    ["no JSON", Buffer.from("{")],
    ["another document", bytesOf({ schemaVersion: 2, layers: [] })],
    [
      "a digest that is a path",
      bytesOf({
        schemaVersion: 2,
        config: { digest: "sha256:../../etc/passwd", size: 1 },
        layers: [{ digest: `sha256:${"0".repeat(64)}`, size: 1 }],
      }),
    ],
  ])("refuses a manifest that is %s", async (_, manifest) => {
    await put(manifest);
    const { body } = imageOf("broken", [randomBytes(1)]);
    const answer = problemOf(await publish({ ...body, manifest: sha256(manifest) }));
    expect(answer).toMatchObject({ status: 422, code: "image_invalid" });
  });

  it("refuses a manifest that lies about a size", async () => {
    const [layer, config] = [randomBytes(10), bytesOf({ a: randomBytes(4).toString("hex") })];
    const manifest = bytesOf({
      schemaVersion: 2,
      config: { digest: `sha256:${sha256(config)}`, size: config.length },
      layers: [{ digest: `sha256:${sha256(layer)}`, size: 9 }],
    });
    for (const bytes of [manifest, layer, config]) await put(bytes);
    const { body } = imageOf("broken", [layer]);
    const answer = problemOf(await publish({ ...body, manifest: sha256(manifest) }));
    expect(answer).toMatchObject({ status: 422, code: "image_invalid" });
  });
});

describe("organizations", () => {
  it("never see each other's images, and can't ask for each other's blobs", async () => {
    const pushed = imageOf("secret", [randomBytes(30)]);
    const image = await push(pushed);
    const [layer] = pushed.blobs.slice(2);
    if (layer === undefined) throw new Error("an image has a layer");
    const path = `/api/v1/runner/images/${image.digest}`;
    expect((await server.send("GET", path, { token: others.runner })).status).toBe(404);
    expect((await server.send("GET", `/api/v1/images/${image.digest}`, { token: others.owner })).status).toBe(
      404,
    );
    expect((await withdraw(image.digest, others.owner)).status).toBe(404);
    expect((await fetchBlob(image.digest, sha256(layer), others.runner)).status).toBe(404);
    const { json } = await server.send("GET", "/api/v1/runner/images", { token: others.runner });
    expect(json).toEqual({ items: [] });
    // The bytes are there, but not theirs: they learn nothing and upload them like everyone.
    expect(await missing([sha256(layer)], others.owner)).toEqual([sha256(layer)]);
    expect(problemOf(await publish(pushed.body, others.owner))).toMatchObject({ code: "image_incomplete" });
  });

  it("give a runner no blob that is no part of the image that it names", async () => {
    const package_ = await packed("secret-sum", sumFiles);
    await upload(server, server.owner, package_);
    const answers = Buffer.from("42\n");
    expect(await isKept(answers)).toBe(true);
    const image = await push(imageOf("lua", [randomBytes(12)]));
    expect((await fetchBlob(image.digest, sha256(answers), server.runner)).status).toBe(404);
    const other = await push(imageOf("perl", [randomBytes(12)]));
    expect((await fetchBlob(image.digest, other.manifest.digest, server.runner)).status).toBe(404);
  });
});

describe("withdrawing", () => {
  it("lets go of blobs only when no image and no package of anybody needs them", async () => {
    const [shared, own, ofPackage] = [randomBytes(40), randomBytes(41), Buffer.from("20 22\n")];
    const first = imageOf("first", [shared, own, ofPackage]);
    const second = imageOf("second", [shared]);
    await upload(server, server.owner, await packed("sum", sumFiles));
    await push(first);
    await push(second, others.owner);
    expect((await withdraw(first.body.digest)).status).toBe(204);
    expect(await missing([sha256(shared), sha256(own)])).toHaveLength(2);
    await sweep(0);
    expect([await isKept(shared), await isKept(own), await isKept(ofPackage)]).toEqual([true, false, true]);
    const layer = await fetchBlob(second.body.digest, sha256(shared), others.runner);
    expect(Buffer.from(await layer.arrayBuffer()).equals(shared)).toBe(true);
    expect((await withdraw(second.body.digest, others.owner)).status).toBe(204);
    await sweep(0);
    expect(await isKept(shared)).toBe(false);
    expect((await withdraw(first.body.digest)).status).toBe(404);
  });

  it("never takes bytes that somebody has just put again", async () => {
    const layer = randomBytes(50);
    const pushed = imageOf("again", [layer]);
    await push(pushed);
    await withdraw(pushed.body.digest);
    // Written, and nobody has said yet that it is needed.
    await (await openDirectoryStore({ directory: server.config.blobsDirectory })).put(layer);
    await database.query("update unneeded_blobs set since = now() - interval '2 hours'");
    await sweep(3600);
    expect(await isKept(layer)).toBe(true);
  });

  it("forgets uploads that came to nothing after a day", async () => {
    const bytes = randomBytes(60);
    await put(bytes);
    await database.query(
      "update image_blobs set uploaded_at = now() - interval '25 hours' where digest = $1",
      [sha256(bytes)],
    );
    await push(imageOf("another", [randomBytes(2)]));
    expect(await missing([sha256(bytes)])).toEqual([sha256(bytes)]);
    await sweep(0);
    expect(await isKept(bytes)).toBe(false);
  });
});

const inUse = async (bearer = server.owner) =>
  (await server.send("GET", "/api/v1/images/in-use", { token: bearer })).json;

describe("images in use", () => {
  it("are those of jobs that are not settled, and of results until they are too old", async () => {
    const runnerId = await runner(server);
    expect(await inUse()).toEqual({ digests: [], names: [], retentionDays: 90 });
    const body = { language: "python", source: "print(42)" };
    await server.send("POST", "/api/v1/runs", { token: server.owner, body });
    expect(await inUse()).toMatchObject({ digests: [], names: ["python"] });
    const leased = await server.send("POST", "/api/v1/runner/lease", {
      token: server.runner,
      body: { runnerId, max: 1, waitSeconds: 0 },
    });
    const [job] = z.object({ jobs: z.array(z.object({ jobId: z.uuid() })) }).parse(leased.json).jobs;
    expect(await inUse()).toMatchObject({ names: ["python"] });
    const faked = `\0","provenance":{"image":{"name":"x","digest":"${"f".repeat(64)}"`;
    await server.send("POST", `/api/v1/runner/jobs/${job?.jobId}/attempts/1/settle`, {
      token: server.runner,
      body: { offset: 0, events: [], settlement: { how: "completed", result: runResult(faked) } },
    });
    const digest = "0123456789abcdef".repeat(4);
    expect(await inUse()).toEqual({ digests: [digest], names: [], retentionDays: 90 });
    expect(await inUse(others.owner)).toMatchObject({ digests: [] });
    const forRunner = await server.send("GET", "/api/v1/runner/images/in-use", { token: server.runner });
    expect(forRunner.json).toEqual(await inUse());
    await database.query("alter table jobs disable trigger jobs_keep_settled");
    await database.query(
      "update jobs set finished_at = now() - interval '91 days' where finished_at is not null",
    );
    expect(await inUse()).toMatchObject({ digests: [] });
  });
});

it("images in use are also those that a waiting run names, and none that its program does", async () => {
  const named = "5".repeat(64);
  const source = `x = '"image":"${"6".repeat(64)}"\\0'`;
  for (const image of [named, "tools"]) {
    const body = { language: "python", source, image };
    const sent = await server.send("POST", "/api/v1/runs", { token: server.owner, body });
    expect(sent.status).toBe(201);
  }
  const { digests, names } = ImagesInUse.parse(await inUse());
  expect(digests).toContain(named);
  expect(digests).not.toContain("6".repeat(64));
  expect(names).toContain("tools");
});

it("says of a job that its runner gets an image first, and how far that is", async () => {
  const languages = [{ ...offerOf("python"), image: "python" }];
  // Who has the image would go first.
  await database.query("update runners set last_seen_at = now() - interval '1 day'");
  const { json } = await server.send("POST", "/api/v1/runner/register", {
    token: server.runner,
    body: {
      name: "empty",
      version: "1",
      slots: 1,
      isolation: [],
      images: [{ name: "python", digest: "a".repeat(64), state: "fetchable", reason: "from the server" }],
      languages,
    },
  });
  const { runnerId } = RegisteredRunner.parse(json);
  const { secret: learner } = await token(server, "learner");
  const created = await server.send("POST", "/api/v1/runs", {
    token: learner,
    body: { language: "python", source: "print(1)" },
  });
  const { id } = z.object({ id: z.uuid() }).parse(created.json);
  await server.send("POST", "/api/v1/runner/lease", {
    token: server.runner,
    body: { runnerId, max: 10, waitSeconds: 0 },
  });
  const tell = (offset: number, ...events: object[]) =>
    server.send("POST", `/api/v1/runner/jobs/${id}/attempts/1/events`, {
      token: server.runner,
      body: { offset, events },
    });
  const seen = async () => (await server.send("GET", `/api/v1/runs/${id}`, { token: learner })).json;
  const image = { type: "image", name: "python", version: "3.11.2", digest: "a".repeat(64), message: "" };
  await tell(0, { ...image, state: "fetching", done: 43, total: 100 });
  expect(await seen()).toMatchObject({ state: "running", waitingFor: "image python 3.11.2, 43 %" });
  await tell(1, { ...image, state: "building", done: 5, total: null, version: null });
  expect(await seen()).toMatchObject({ waitingFor: "image python" });
  const listed = await server.send("GET", "/api/v1/jobs?limit=1", { token: learner });
  expect(listed.json).toMatchObject({ items: [{ id, waitingFor: "image python" }] });
  await tell(2, { ...image, state: "ready", done: 100, total: 100 });
  expect(await seen()).toMatchObject({ waitingFor: null });
  await tell(3, { type: "output", stream: "stdout", text: '\0{"type":"image","name":"fake"' });
  expect(await seen()).toMatchObject({ waitingFor: null });
});

const offerOf = (id: string) => ({ id, available: true, version: "3.11.2", reason: null });
