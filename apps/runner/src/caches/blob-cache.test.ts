import { mkdtempDisposable, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { BlobCache, BlobUnreadable, sha256 } from "./blob-cache.ts";
import type { FetchBlob } from "./blob-cache.ts";

const never = new AbortController().signal;

const fixture = async (options: { maxBytes?: number; memoryBytes?: number } = {}) => {
  const directory = await mkdtempDisposable(join(tmpdir(), "assay-blobs-"));
  const source = new Map<string, Uint8Array>();
  const fetched: string[] = [];
  const fetch: FetchBlob = async (digest) => {
    fetched.push(digest);
    const content = source.get(digest);
    if (content === undefined) throw new Error("not there");
    return content;
  };
  const open = () =>
    BlobCache.open({
      directory: directory.path,
      maxBytes: options.maxBytes ?? 1000,
      memoryBytes: options.memoryBytes ?? 0,
    });
  const add = (text: string) => {
    const content = Buffer.from(text);
    const digest = sha256(content);
    source.set(digest, content);
    return digest;
  };
  return {
    directory: directory.path,
    fetch,
    fetched,
    open,
    add,
    source,
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
};

test("a blob is fetched once and then read from disk, also by the next process", async () => {
  await using f = await fixture();
  const digest = f.add("hello");
  const first = await f.open();
  expect(Buffer.from(await first.read(digest, f.fetch, never)).toString()).toBe("hello");
  const second = await f.open();
  expect(Buffer.from(await second.read(digest, f.fetch, never)).toString()).toBe("hello");
  expect(f.fetched).toEqual([digest]);
});

test("a file whose content is not that of its name is fetched again", async () => {
  await using f = await fixture();
  const digest = f.add("hello");
  const cache = await f.open();
  await cache.read(digest, f.fetch, never);
  await writeFile(join(f.directory, digest), "hellO");
  expect(Buffer.from(await cache.read(digest, f.fetch, never)).toString()).toBe("hello");
  await rm(join(f.directory, digest));
  expect(Buffer.from(await cache.read(digest, f.fetch, never)).toString()).toBe("hello");
  expect(f.fetched).toHaveLength(3);
});

test("a server that sends another content is not believed, and nothing of it is kept", async () => {
  await using f = await fixture({ memoryBytes: 1000 });
  const digest = f.add("hello");
  f.source.set(digest, Buffer.from("evil!"));
  const cache = await f.open();
  await expect(cache.read(digest, f.fetch, never)).rejects.toThrow(BlobUnreadable);
  expect(await readdir(f.directory)).toEqual([]);
  f.source.set(digest, Buffer.from("hello"));
  expect(Buffer.from(await cache.read(digest, f.fetch, never)).toString()).toBe("hello");
});

test("readers at the same time share one fetch", async () => {
  await using f = await fixture();
  const digest = f.add("hello");
  const cache = await f.open();
  await Promise.all(Array.from({ length: 20 }, () => cache.read(digest, f.fetch, never)));
  expect(f.fetched).toHaveLength(1);
});

test("a reader does not fail because the one that it waited for was withdrawn", async () => {
  await using f = await fixture();
  const digest = f.add("hello");
  const cache = await f.open();
  const leader = new AbortController();
  const fetching = Promise.withResolvers<void>();
  const fetchUntilWithdrawn: FetchBlob = (_, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(new Error("gone")));
      fetching.resolve();
    });
  const withdrawn = cache.read(digest, fetchUntilWithdrawn, leader.signal).catch(String);
  await fetching.promise;
  const other = cache.read(digest, f.fetch, never);
  leader.abort();
  expect(await withdrawn).toBe("Error: gone");
  expect(Buffer.from(await other).toString()).toBe("hello");
});

test("the least recently used goes when the disk's share is full; foreign files go at the start", async () => {
  await using f = await fixture({ maxBytes: 10 });
  await writeFile(join(f.directory, "left-over.tmp"), "x");
  const [a, b, c] = [f.add("aaaa"), f.add("bbbb"), f.add("cccc")];
  const cache = await f.open();
  await cache.read(a, f.fetch, never);
  await cache.read(b, f.fetch, never);
  await cache.read(a, f.fetch, never);
  await cache.read(c, f.fetch, never);
  await cache.read(a, f.fetch, never);
  expect(f.fetched).toEqual([a, b, c]);
  await cache.read(b, f.fetch, never);
  expect(f.fetched).toEqual([a, b, c, b]);
});

test("a directory that can't be written costs speed, not answers", async () => {
  await using f = await fixture();
  const digest = f.add("hello");
  const cache = await f.open();
  await rm(f.directory, { recursive: true });
  expect(Buffer.from(await cache.read(digest, f.fetch, never)).toString()).toBe("hello");
  expect(Buffer.from(await cache.read(digest, f.fetch, never)).toString()).toBe("hello");
  expect(f.fetched).toHaveLength(2);
});
