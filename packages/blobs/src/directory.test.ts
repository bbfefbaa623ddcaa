import { createHash, randomBytes } from "node:crypto";
import { lstat, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { openDirectoryStore } from "./directory.ts";
import type { BlobStore } from "./store.ts";

interface StoreUnderTest extends AsyncDisposable {
  readonly directory: string;
  readonly store: BlobStore;
}

const temporaryStore = async (maxBytes?: number): Promise<StoreUnderTest> => {
  const directory = await mkdtemp(join(tmpdir(), "assay-blobs-"));
  return {
    directory,
    store: await openDirectoryStore({ directory, ...(maxBytes === undefined ? {} : { maxBytes }) }),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true }),
  };
};

const digestOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const absent = "0".repeat(64);
const pathOf = (directory: string, digest: string): string =>
  join(directory, digest.slice(0, 2), digest.slice(2, 4), digest);

const endless = async function* () {
  for (;;) yield new Uint8Array(100);
};

const broken = async function* () {
  yield new Uint8Array(100);
  throw new Error("the client went away");
};

describe("put and read", () => {
  test.each([0, 1, 65_537, 3_000_000])("%i bytes come back as they were", async (size) => {
    await using under = await temporaryStore();
    const { store } = under;
    const bytes = randomBytes(size);
    const digest = digestOf(bytes);
    expect(await store.has(digest)).toBe(false);
    expect(await store.put(bytes)).toEqual({ digest, size });
    expect(await store.has(digest)).toBe(true);
    expect(Buffer.compare(await store.read(digest, { maxBytes: size }), bytes)).toBe(0);
    expect(Buffer.compare(await buffer(await store.get(digest)), bytes)).toBe(0);
  });

  test("a stream is hashed as a whole", async () => {
    await using under = await temporaryStore();
    const chunks = [randomBytes(10), randomBytes(0), randomBytes(70_000)];
    const stream = async function* () {
      yield* chunks;
    };
    const { digest, size } = await under.store.put(stream());
    expect({ digest, size }).toEqual({ digest: digestOf(Buffer.concat(chunks)), size: 70_010 });
  });

  test("the same bytes by many at once are one file, private, with nothing left over", async () => {
    await using under = await temporaryStore();
    const bytes = randomBytes(100_000);
    const infos = await Promise.all(Array.from({ length: 8 }, () => under.store.put(bytes)));
    expect(new Set(infos.map(({ digest }) => digest)).size).toBe(1);
    expect(await readdir(join(under.directory, "incoming"))).toEqual([]);
    const { mode } = await lstat(pathOf(under.directory, digestOf(bytes)));
    expect(mode & 0o777).toBe(0o600);
  });

  test("deleting is final and repeatable", async () => {
    await using under = await temporaryStore();
    const { digest } = await under.store.put(randomBytes(10));
    await under.store.delete(digest);
    await under.store.delete(digest);
    expect(await under.store.has(digest)).toBe(false);
  });
});

const putAgo = async ({ store, directory }: StoreUnderTest, minutesAgo: number) => {
  const { digest } = await store.put(randomBytes(10));
  const time = new Date(Date.now() - minutesAgo * 60_000);
  await utimes(pathOf(directory, digest), time, time);
  return digest;
};

const anHourAgo = (): Date => new Date(Date.now() - 60 * 60_000);

describe("deleting what was put again", () => {
  test("keeps bytes that were put since, and no others", async () => {
    await using under = await temporaryStore();
    const [old, fresh] = [await putAgo(under, 61), await putAgo(under, 59)];
    expect(await under.store.delete(old, { unlessPutSince: anHourAgo() })).toBe(true);
    expect(await under.store.delete(fresh, { unlessPutSince: anHourAgo() })).toBe(false);
    expect([await under.store.has(old), await under.store.has(fresh)]).toEqual([false, true]);
    expect(await under.store.delete(old, { unlessPutSince: anHourAgo() })).toBe(true);
    expect(await readdir(join(under.directory, "incoming"))).toEqual([]);
  });

  test("never loses bytes that are put at the same time", async () => {
    await using under = await temporaryStore();
    const bytes = randomBytes(1000);
    await under.store.put(bytes);
    const unlessPutSince = anHourAgo();
    for (let round = 0; round < 50; round++)
      await Promise.all([
        under.store.put(bytes),
        under.store.delete(digestOf(bytes), { unlessPutSince }),
        under.store.delete(digestOf(bytes), { unlessPutSince }),
      ]);
    expect(await under.store.has(digestOf(bytes))).toBe(true);
  });
});

describe("what is refused", () => {
  test("bytes of another digest than was said leave nothing behind", async () => {
    await using under = await temporaryStore();
    const bytes = randomBytes(10);
    await expect(under.store.put(bytes, { digest: absent })).rejects.toMatchObject({ code: "other_digest" });
    expect(await under.store.has(digestOf(bytes))).toBe(false);
    expect(await readdir(join(under.directory, "incoming"))).toEqual([]);
    await expect(under.store.put(bytes, { digest: digestOf(bytes), maxBytes: 9 })).rejects.toMatchObject({
      code: "too_large",
    });
    expect(await under.store.put(bytes, { digest: digestOf(bytes), maxBytes: 10 })).toMatchObject({
      size: 10,
    });
  });

  test("too many bytes, in one piece or in many, leave nothing behind", async () => {
    await using under = await temporaryStore(1_000);
    await expect(under.store.put(new Uint8Array(1_001))).rejects.toMatchObject({ code: "too_large" });
    await expect(under.store.put(endless())).rejects.toMatchObject({ code: "too_large" });
    expect(await readdir(under.directory)).toEqual(["incoming"]);
    expect(await readdir(join(under.directory, "incoming"))).toEqual([]);
    await expect(under.store.put(new Uint8Array(1_000))).resolves.toMatchObject({ size: 1_000 });
  });

  test("a stream that breaks leaves nothing behind", async () => {
    await using under = await temporaryStore();
    await expect(under.store.put(broken())).rejects.toThrow("went away");
    expect(await readdir(join(under.directory, "incoming"))).toEqual([]);
  });

  test.each([
    "",
    "../../../../etc/passwd",
    `../${"0".repeat(61)}`,
    "A".repeat(64),
    `${absent}\n`,
    `${absent.slice(1)}\0`,
    `${absent}/x`,
  ])("%j is no name of a blob and never a path", async (name) => {
    await using under = await temporaryStore();
    const { store } = under;
    const refused = { code: "bad_digest" };
    await expect(store.has(name)).rejects.toMatchObject(refused);
    await expect(store.get(name)).rejects.toMatchObject(refused);
    await expect(store.read(name, { maxBytes: 10 })).rejects.toMatchObject(refused);
    await expect(store.delete(name)).rejects.toMatchObject(refused);
  });

  test("what is not there", async () => {
    await using under = await temporaryStore();
    await expect(under.store.get(absent)).rejects.toMatchObject({ code: "not_found" });
    await expect(under.store.read(absent, { maxBytes: 1 })).rejects.toMatchObject({ code: "not_found" });
  });

  test("more than the reader wants", async () => {
    await using under = await temporaryStore();
    const { digest } = await under.store.put(randomBytes(11));
    await expect(under.store.read(digest, { maxBytes: 10 })).rejects.toMatchObject({ code: "too_large" });
  });

  test("damaged bytes, until the right ones are put again", async () => {
    await using under = await temporaryStore();
    const bytes = randomBytes(20);
    const { digest } = await under.store.put(bytes);
    await writeFile(pathOf(under.directory, digest), "something else");
    await expect(under.store.read(digest, { maxBytes: 100 })).rejects.toMatchObject({ code: "damaged" });
    await expect(under.store.read(digest, { maxBytes: 100, verify: false })).resolves.toHaveLength(14);
    await under.store.put(bytes);
    expect(await readFile(pathOf(under.directory, digest))).toEqual(bytes);
  });

  test("a symbolic link in a blob's place is not followed", async () => {
    await using under = await temporaryStore();
    const { digest } = await under.store.put(randomBytes(20));
    const path = pathOf(under.directory, digest);
    await rm(path);
    await symlink("/etc/passwd", path);
    await expect(under.store.read(digest, { maxBytes: 100_000, verify: false })).rejects.toMatchObject({
      code: "ELOOP",
    });
  });
});

test("opening removes what was left half-way long ago, and nothing that may still be written", async () => {
  await using under = await temporaryStore();
  const incoming = join(under.directory, "incoming");
  await writeFile(join(incoming, "old"), "x");
  await writeFile(join(incoming, "new"), "x");
  const longAgo = new Date(Date.now() - 48 * 60 * 60 * 1000);
  await utimes(join(incoming, "old"), longAgo, longAgo);
  await openDirectoryStore({ directory: under.directory });
  expect(await readdir(incoming)).toEqual(["new"]);
});
