import { execFile } from "node:child_process";
import { mkdtempDisposable, open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { unpackApart } from "./unpack-apart.ts";

const run = promisify(execFile);
const unpacker = { uid: 64_323, gid: 64_323, key: 0x4000_0001 };

describe.skipIf(process.getuid?.() !== 0)("a process that unpacks (needs root)", () => {
  test("ends when nobody waits for it, whatever it is about", async () => {
    await using scratch = await mkdtempDisposable(join(tmpdir(), "assay-apart-"));
    await run("chmod", ["755", scratch.path]);
    const manifest = "a".repeat(64);
    const pipe = join(scratch.path, manifest);
    await run("mkfifo", ["-m", "644", pipe]);
    const stop = new AbortController();
    const bounds = { seconds: 600, sizeBytes: 1e6, entries: 100, layerBytes: 1e6 };
    const [store, blobs, digest] = [scratch.path, scratch.path, "b".repeat(64)];
    const order = { store, blobs, manifest, digest, layerBytes: bounds.layerBytes };
    const unpacking = unpackApart(order, unpacker, {
      bounds,
      signal: stop.signal,
      progress: () => undefined,
    });
    const ended = unpacking.then(() => "it went on", String);
    // There is someone at the other end now, who would wait for ever.
    await using _ = await open(pipe, "w");
    stop.abort(new Error("nobody waits"));
    // It rejects when nobody holds its standard output any more.
    expect(await ended).toContain("nobody waits");
  });
});
