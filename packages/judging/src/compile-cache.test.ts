import { defaultCompileLimits } from "@assay/contracts";
import type { Limits } from "@assay/contracts";
import { sandboxOrSkip, untilTrue } from "@assay/testing";
import type { RunSpec } from "@assay/sandbox";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { compileCaches } from "./compile-cache.ts";
import type { CompileCachesOptions } from "./compile-cache.ts";
import { compile, compileKey, isArtifactLost } from "./compile.ts";
import type { Compilation, CompileCache, CompileRequest } from "./compile.ts";
import { shell } from "./shell.fixture.ts";

const box = await sandboxOrSkip({ slots: 2 });
afterAll(() => box[Symbol.asyncDispose]());

const never = new AbortController().signal;
const openCaches = (change: Partial<CompileCachesOptions> = {}) =>
  compileCaches(box.get().sandbox, {
    maxEntries: 8,
    maxBytes: 1 << 20,
    platform: "1",
    store: null,
    ...change,
  });
const request = (cache: CompileCache | null, change: Partial<CompileRequest> = {}): CompileRequest => ({
  language: shell,
  image: box.get().image,
  sources: [{ path: "main.sh", content: "echo" }],
  extra: [],
  limits: defaultCompileLimits,
  sandbox: box.get().sandbox,
  cache,
  signal: never,
  ...change,
});
const larger = (name: keyof Limits): Limits => ({
  ...defaultCompileLimits,
  [name]: (defaultCompileLimits[name] ?? 0) + 1,
});
const artifactOf = (made: Compilation) => (made.succeeded ? made.program.artifact?.id : null);

describe.skipIf(box.skip !== null)(`a cache of compilations ${box.skip ?? ""}`, () => {
  afterEach(() => box.get().sandbox.forget("all"));

  test("never serves two organizations from one entry", async () => {
    const caches = openCaches();
    const [one, other] = [caches.of("one"), caches.of("other")];
    const [first, second] = [await compile(request(one)), await compile(request(other))];
    expect([first.report?.cached, second.report?.cached]).toEqual([false, false]);
    expect(artifactOf(first)).not.toBe(artifactOf(second));
    const again = [await compile(request(caches.of("one"))), await compile(request(caches.of("other")))];
    expect(again.map((made) => [made.report?.cached, artifactOf(made)])).toEqual([
      [true, artifactOf(first)],
      [true, artifactOf(second)],
    ]);
    // Who drops what is lost can't drop another's.
    if (second.succeeded) one.drop(compileKey(request(one)), second.program);
    expect(artifactOf(await compile(request(one)))).toBe(artifactOf(first));
  });

  test("has a key of its own for every scope and for all that a compilation depends on", () => {
    const names = ["a", "b", "", "a,b", '","', '["a"]', "a\\", 'a"', "null", "\0"];
    const scopes = names.flatMap((platform) =>
      names.map((organization) => openCaches({ platform }).of(organization)),
    );
    const keys = scopes.map((cache) => compileKey(request(cache)));
    expect(new Set(keys).size).toBe(keys.length);

    const cache = openCaches().of("a");
    const changes: Partial<CompileRequest>[] = [
      {},
      { sources: [{ path: "main.sh", content: "echo " }] },
      { sources: [{ path: "other.sh", content: "echo" }] },
      { image: "0".repeat(64) },
      { language: { ...shell, id: "sh@2" } },
      { language: { ...shell, compile: () => ({ argv: ["true"], env: {}, outputs: [] }) } },
      { extra: [{ path: "a", content: Buffer.from("b") }] },
      { extra: [{ path: "a", content: Buffer.from("b"), mode: 0o755 }] },
      { extra: [{ path: "ab", content: Buffer.from("") }] },
      { beside: [{ path: "c", content: Buffer.from("b") }] },
      ...(Object.keys(defaultCompileLimits) as (keyof Limits)[]).map((name) => ({ limits: larger(name) })),
    ];
    const all = changes.map((change) => compileKey(request(cache, change)));
    expect(new Set(all).size).toBe(all.length);
  });

  test("compiles once what several ask for at once", async () => {
    const cache = openCaches().of("a");
    const all = await Promise.all(Array.from({ length: 6 }, () => compile(request(cache))));
    expect(all.filter(({ report }) => report?.cached === false)).toHaveLength(1);
    expect(new Set(all.map(artifactOf)).size).toBe(1);
    expect(await box.get().sandbox.forget("all")).toBe(1);
  });

  test("lets another one compile when who compiled is cancelled", async () => {
    const cache = openCaches().of("a");
    const leader = new AbortController();
    const begun = Promise.withResolvers<void>();
    const led = cache.obtain(
      "key",
      () =>
        new Promise((_, reject) => {
          leader.signal.addEventListener("abort", () => reject(new Error("cancelled")));
          begun.resolve();
        }),
      leader.signal,
    );
    await begun.promise;
    let compiled = 0;
    const others = Array.from({ length: 3 }, () =>
      cache.obtain("key", () => (compiled++, compile(request(null))), never),
    );
    leader.abort();
    await expect(led).rejects.toThrow("cancelled");
    const made = await Promise.all(others);
    expect(compiled).toBe(1);
    expect(made.filter(({ report }) => report?.cached === false)).toHaveLength(1);
  });

  test("lets each compile for itself when it did not compile for the first", async () => {
    const cache = openCaches().of("a");
    const bad = request(null, { sources: [{ path: "main.sh", content: "if" }] });
    const first = Promise.withResolvers<Compilation>();
    let compiled = 0;
    const led = cache.obtain("key", () => first.promise, never);
    const others = Array.from({ length: 2 }, () =>
      cache.obtain("key", () => (compiled++, compile(request(null))), never),
    );
    first.resolve(await compile(bad));
    expect((await led).succeeded).toBe(false);
    const made = await Promise.all(others);
    expect(made.map(({ succeeded }) => succeeded)).toEqual([true, true]);
    expect(compiled).toBeGreaterThan(0);
    // Of two that were made, one is kept and the other forgotten.
    expect(new Set(made.map(artifactOf)).size).toBe(1);
    expect(await box.get().sandbox.forget("all")).toBe(1);
  });

  test("stops waiting when who waits is cancelled; the other goes on", async () => {
    const cache = openCaches().of("a");
    const first = Promise.withResolvers<Compilation>();
    const led = cache.obtain("key", () => first.promise, never);
    const waiter = new AbortController();
    const waiting = cache.obtain("key", () => Promise.reject(new Error("not asked for")), waiter.signal);
    waiter.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    first.resolve(await compile(request(null)));
    expect((await led).succeeded).toBe(true);
    expect((await cache.obtain("key", () => first.promise, never)).report?.cached).toBe(true);
  });

  test("leaves no artifact behind of who is cancelled at the end", async () => {
    const { sandbox } = box.get();
    const canceller = new AbortController();
    const cancelledLate = new Proxy(sandbox, {
      get: (target, name) => async (spec: RunSpec, options: { signal: AbortSignal }) => {
        if (name === "forget") return target.forget("all");
        const report = await target.run(spec, options);
        canceller.abort(new Error("too late"));
        return report;
      },
    });
    const asked = request(null, { sandbox: cancelledLate, signal: canceller.signal });
    await expect(compile(asked)).rejects.toThrow("too late");
    expect(await sandbox.forget("all")).toBe(0);
  });

  test("counts an artifact of many files as large, whatever is in them", async () => {
    const cache = openCaches({ maxBytes: 64 * 4096 }).of("a");
    const script = "i=0; while [ $i -lt 100 ]; do : >$i; i=$((i+1)); done";
    const language = { ...shell, compile: () => ({ argv: ["sh", "-c", script], env: {}, outputs: [] }) };
    const many = await compile(request(cache, { language }));
    expect((await compile(request(cache, { language }))).report?.cached).toBe(true);
    await compile(request(cache));
    expect((await compile(request(cache, { language }))).report?.cached).toBe(false);
    expect(many.succeeded && many.program.artifact).toMatchObject({ bytes: 4, entries: 101 });
  });

  test("keeps to its size for all organizations together, the last used last", async () => {
    const caches = openCaches({ maxEntries: 2 });
    const compileFor = (name: string) => compile(request(caches.of(name)));
    const pushedOut = await compileFor("b");
    const cached = [];
    for (const name of ["a", "b", "a", "c", "a", "b"]) cached.push((await compileFor(name)).report?.cached);
    expect(cached).toEqual([false, true, true, false, true, false]);
    // What falls out is forgotten in the sandbox too.
    const { sandbox, spec } = box.get();
    const base = artifactOf(pushedOut) ?? null;
    const isThere = () => sandbox.run(spec(["true"], { base }), { signal: null });
    await untilTrue(() => isThere().then(() => false, isArtifactLost), "it is forgotten");
  });
});
