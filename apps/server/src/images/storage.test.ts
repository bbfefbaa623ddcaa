import { createHash, randomBytes } from "node:crypto";
import { stat, utimes } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { ImageStorage, PublishedImage } from "@assay/contracts";
import { createDatabase } from "@assay/database";
import type { Database } from "@assay/database";
import { temporaryDatabase } from "@assay/testing";
import type { TemporaryDatabase } from "@assay/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { organization } from "../testing/factories.ts";
import { problemOf, testServer } from "../testing/test-server.ts";
import type { TestServer } from "../testing/test-server.ts";

const KiB = 1024;
const maxBytes = 1024 * KiB;

let temporary: TemporaryDatabase;
let server: TestServer;
let database: Database;
beforeAll(async () => {
  temporary = await temporaryDatabase();
  server = await testServer(temporary.url, {
    blobGraceSeconds: 3600,
    maxImageBlobBytes: 600 * KiB,
    maxImageStorageBytes: maxBytes,
  });
  database = createDatabase(temporary.url, { max: 2, applicationName: "test", onIdleError: () => {} });
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await temporary[Symbol.asyncDispose]();
});

/** Each test fills the room of an organization of its own. */
let organizations = 0;
const publisher = async (): Promise<{ id: string; token: string }> => {
  const { id, tokens } = await organization(database, `publisher ${++organizations}`);
  return { id, token: tokens.maintainer };
};

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const pathOf = (bytes: Uint8Array): string => `/api/v1/images/blobs/${sha256(bytes)}`;
const octets = { "content-type": "application/octet-stream" };

const put = (token: string, bytes: Uint8Array) =>
  server.send("PUT", pathOf(bytes), { token, body: bytes, headers: octets });
const storage = async (token: string): Promise<ImageStorage> =>
  z.object({ storage: ImageStorage }).parse((await server.send("GET", "/api/v1/images", { token })).json)
    .storage;
const usedBytes = async (token: string): Promise<number> => (await storage(token)).usedBytes;
const becomes = async (token: string, bytes: number): Promise<void> => {
  await expect.poll(() => usedBytes(token), { timeout: 30_000 }).toBe(bytes);
};
const fileOf = (bytes: Uint8Array): string => {
  const digest = sha256(bytes);
  return join(server.config.blobsDirectory, digest.slice(0, 2), digest.slice(2, 4), digest);
};
const isKept = (bytes: Uint8Array): Promise<boolean> =>
  stat(fileOf(bytes)).then(
    () => true,
    () => false,
  );

interface Held {
  /** Of the answer, whenever it comes; null when the connection breaks before. */
  readonly status: Promise<number | null>;
  finish(): void;
  breakOff(): void;
}

/** An upload that says how long it is, sends half of it, and waits. */
const hold = (token: string, bytes: Uint8Array): Held => {
  const { promise: status, resolve } = Promise.withResolvers<number | null>();
  const sending = request(`${server.running.url}${pathOf(bytes)}`, {
    method: "PUT",
    headers: { ...octets, authorization: `Bearer ${token}`, "content-length": bytes.length },
  });
  sending.on("response", (response) => {
    response.resume();
    resolve(response.statusCode ?? null);
  });
  sending.on("error", () => resolve(null));
  const half = bytes.length >> 1;
  sending.write(bytes.subarray(0, half));
  return {
    status,
    finish: () => void sending.end(bytes.subarray(half)),
    breakOff: () => void sending.destroy(),
  };
};

it("takes blobs until they fill what the organization may have, and says what to do then", async () => {
  const { token } = await publisher();
  expect(await storage(token)).toEqual({ usedBytes: 0, maxBytes });
  expect((await put(token, randomBytes(500 * KiB))).status).toBe(201);
  // However short: a file is a file.
  expect((await put(token, randomBytes(1))).status).toBe(201);
  const third = randomBytes(500 * KiB);
  const refused = problemOf(await put(token, third));
  expect(refused).toMatchObject({ status: 413, code: "image_storage_full" });
  expect(refused.detail).toContain(`${564 * KiB} are taken`);
  expect(refused.detail).toContain("Withdraw images");
  const chunked = await fetch(`${server.running.url}${pathOf(third)}`, {
    method: "PUT",
    headers: { ...octets, authorization: `Bearer ${token}` },
    body: new Blob([third]).stream(),
    duplex: "half",
  });
  expect(chunked.status).toBe(413);
  expect(await isKept(third)).toBe(false);
  expect((await put((await publisher()).token, third)).status).toBe(201);
  // What did not come gave its room back, and what fits is taken, said to be so long or not.
  const fitting = await fetch(`${server.running.url}${pathOf(third.subarray(0, 460 * KiB))}`, {
    method: "PUT",
    headers: { ...octets, authorization: `Bearer ${token}` },
    body: new Blob([third.subarray(0, 460 * KiB)]).stream(),
    duplex: "half",
  });
  expect(fitting.status).toBe(201);
  expect(await storage(token)).toEqual({ usedBytes: maxBytes, maxBytes });
});

it("counts uploads under way, so that many at once don't pass it together", async () => {
  const { token } = await publisher();
  const uploads = Array.from({ length: 6 }, () => hold(token, randomBytes(300 * KiB)));
  await becomes(token, 900 * KiB);
  for (const upload of uploads) upload.finish();
  const statuses = await Promise.all(uploads.map(({ status }) => status));
  expect(statuses.filter((status) => status === 201)).toHaveLength(3);
  expect(statuses.filter((status) => status === 413)).toHaveLength(3);
  expect(await usedBytes(token)).toBe(900 * KiB);
});

it("gives back the room of uploads that break off, and of those whose server died", async () => {
  const { id, token } = await publisher();
  const broken = hold(token, randomBytes(600 * KiB));
  await becomes(token, 600 * KiB);
  broken.breakOff();
  await becomes(token, 0);

  await database.query(
    "insert into image_uploads (id, organization_id, bytes) values (gen_random_uuid(), $1, $2)",
    [id, maxBytes],
  );
  const bytes = randomBytes(10);
  expect((await put(token, bytes)).status).toBe(413);
  await database.query("update image_uploads set reserved_at = now() - interval '16 minutes'");
  expect((await put(token, bytes)).status).toBe(201);
});

it("counts a withdrawn image until its bytes are gone, and then has room again", async () => {
  const { token } = await publisher();
  const layer = randomBytes(600 * KiB);
  const config = Buffer.from("{}");
  const described = (bytes: Buffer) => ({ digest: `sha256:${sha256(bytes)}`, size: bytes.length });
  const manifest = Buffer.from(
    JSON.stringify({ schemaVersion: 2, config: described(config), layers: [described(layer)] }),
  );
  for (const bytes of [layer, config, manifest]) expect((await put(token, bytes)).status).toBe(201);
  const { json } = await server.send("POST", "/api/v1/images", {
    token,
    body: {
      name: "python",
      digest: sha256(randomBytes(1)),
      manifest: sha256(manifest),
      architecture: "amd64",
      sizeBytes: 1,
      languages: [],
    },
  });
  const { digest } = PublishedImage.parse(json);
  expect((await server.send("DELETE", `/api/v1/images/${digest}`, { token })).status).toBe(204);
  expect(await usedBytes(token)).toBe(728 * KiB);
  const next = randomBytes(500 * KiB);
  expect((await put(token, next)).status).toBe(413);
  await database.query("update unneeded_blobs set since = now() - interval '2 hours'");
  // What was put within the hour stays, whatever the table says.
  expect((await put(token, next)).status).toBe(413);
  expect(await isKept(layer)).toBe(true);
  const longAgo = new Date(Date.now() - 2 * 3600 * 1000);
  for (const bytes of [layer, config, manifest]) await utimes(fileOf(bytes), longAgo, longAgo);
  expect((await put(token, next)).status).toBe(201);
  expect(await isKept(layer)).toBe(false);
  expect(await usedBytes(token)).toBe(500 * KiB);
});
