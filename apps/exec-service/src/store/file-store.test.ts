import { readdir } from "node:fs/promises";
import { temporaryDirectory } from "@assay/testing";
import { describe, expect, it } from "vitest";
import { FileStore, StoreError } from "./file-store.ts";

async function newStore(options: { maxBytes?: number; maxFiles?: number; ttlMs?: number } = {}) {
  const resources = new AsyncDisposableStack();
  const { path } = resources.use(await temporaryDirectory());
  const clock = { now: 0 };
  const { maxBytes = 1000, maxFiles = 10, ttlMs = null } = options;
  const store = resources.use(
    new FileStore({ directory: path, maxBytes, maxFiles, ttlMs, now: () => clock.now }),
  );
  const add = (content: string) => store.add("name", [Buffer.from(content)]);
  const read = async (id: string): Promise<string | null> => {
    const file = store.get(id);
    if (file === null) return null;
    await using _file = file;
    return (await file.read()).toString();
  };
  return { store, clock, path, add, read, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

async function* broken(): AsyncGenerator<Uint8Array> {
  yield Buffer.from("abc");
  throw new Error("gone");
}

describe("the file store", () => {
  it("gives back what was added, under an id that can't be guessed, with no name on disk", async () => {
    await using s = await newStore({ maxBytes: 10e6 });
    const pieces = [Buffer.alloc(300_000, "a"), Buffer.alloc(0), Buffer.from("end")];
    const id = await s.store.add("a/b", pieces);
    expect(id).toMatch(/^[0-9A-F]{32}$/);
    expect(await s.read(id)).toBe(`${"a".repeat(300_000)}end`);
    expect([...s.store.list()]).toEqual([[id, "a/b"]]);
    expect(await readdir(s.path)).toEqual([]);
  });

  it("knows no id that it did not give", async () => {
    await using s = await newStore();
    await s.add("x");
    for (const id of ["", "../x", "__proto__", "constructor", "0".repeat(32)]) {
      expect(s.store.get(id)).toBeNull();
      expect(s.store.remove(id)).toBe(false);
    }
  });

  it("removes the least recently used where there is no room", async () => {
    await using s = await newStore({ maxBytes: 10 });
    const [first, second] = [await s.add("1111"), await s.add("2222")];
    await s.read(first);
    const third = await s.add("3333");
    expect([...s.store.list().keys()]).toEqual([first, third]);
    expect(await s.read(second)).toBeNull();
    expect(s.store.bytes).toBe(8);
  });

  it("removes the least recently used where there are too many", async () => {
    await using s = await newStore({ maxFiles: 2 });
    const ids = [await s.add("1"), await s.add("2"), await s.add("3")];
    expect([...s.store.list().keys()]).toEqual(ids.slice(1));
    await using _first = s.store.get(ids[1] ?? "");
    await using _second = s.store.get(ids[2] ?? "");
    await expect(s.add("4")).rejects.toThrow("the file store is full");
  });

  it("takes no more than its size, and keeps what it has", async () => {
    await using s = await newStore({ maxBytes: 10 });
    const id = await s.add("1234");
    await expect(s.add("x".repeat(11))).rejects.toThrow(StoreError);
    expect(await s.read(id)).toBe("1234");
    // Piece by piece it is seen only when all others had to go.
    await expect(s.store.add("n", [Buffer.from("123456"), Buffer.from("7890!")])).rejects.toThrow(StoreError);
    expect(s.store.bytes).toBe(0);
    expect(await s.read(await s.add("1234567890"))).toBe("1234567890");
  });

  it("lets a reader finish, whatever happens to the id, and counts its bytes until then", async () => {
    await using s = await newStore({ maxBytes: 10 });
    const id = await s.add("12345678");
    const file = s.store.get(id);
    await expect(s.add("abcdef")).rejects.toThrow(StoreError);
    expect(s.store.remove(id)).toBe(true);
    expect(s.store.get(id)).toBeNull();
    expect((await file?.read())?.toString()).toBe("12345678");
    expect(s.store.bytes).toBe(8);
    await file?.[Symbol.asyncDispose]();
    expect(s.store.bytes).toBe(0);
    expect(await s.read(await s.add("abcdef"))).toBe("abcdef");
  });

  it("forgets what nobody has used for the time", async () => {
    await using s = await newStore({ ttlMs: 100 });
    const [used, unused] = [await s.add("used"), await s.add("unused")];
    s.clock.now = 60;
    expect(await s.read(used)).toBe("used");
    s.clock.now = 100;
    expect(s.store.get(unused)).toBeNull();
    expect(await s.read(used)).toBe("used");
    s.clock.now = 200;
    expect(s.store.list().size).toBe(0);
    expect(s.store.remove(used)).toBe(false);
  });

  it("leaves nothing of an upload that breaks off", async () => {
    await using s = await newStore();
    await expect(s.store.add("n", broken())).rejects.toThrow("gone");
    expect(s.store.bytes).toBe(0);
    expect(s.store.list().size).toBe(0);
  });
});
