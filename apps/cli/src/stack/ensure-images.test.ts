import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ImageError, imageStore, parseLock } from "@assay/images";
import { temporaryDirectory } from "@assay/testing";
import { expect, it, vi } from "vitest";
import { ensureImages } from "./ensure-images.ts";

const never = new AbortController().signal;

it("resolves again, and says so, when a locked package can't be had any more (needs a Debian mirror)", async ({
  skip,
}) => {
  await using directory = await temporaryDirectory();
  const said: string[] = [];
  const stderr = vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    said.push(String(text));
    return true;
  });
  try {
    await ensureImages(directory.path, ["base"], never).catch((error: unknown) => {
      if (error instanceof ImageError && ["tool_missing", "unreachable"].includes(error.code))
        skip(error.message);
      throw error;
    });
    const path = join(directory.path, "locks/base.json");
    const text = await readFile(path, "utf8");
    const [first] = parseLock(text, path).packages;
    if (first === undefined) throw new Error("the lock is empty");
    const gone = text
      .replace(first.sha256, "0".repeat(64))
      .replace(first.path, "pool/main/b/base-files/base-files_0.1_amd64.deb");
    await writeFile(path, gone);
    await imageStore(directory.path).remove("base");
    said.length = 0;

    await ensureImages(directory.path, ["base"], never);
    expect(said.join("")).toMatch(/No server has base-files .* any more.*\n.*resolving again/);
    expect(await readFile(path, "utf8")).toBe(text);
    expect((await imageStore(directory.path).verify("base")).state).toBe("ready");
    said.length = 0;
    await ensureImages(directory.path, ["base"], never);
    expect(said).toEqual([]);
  } finally {
    stderr.mockRestore();
  }
}, 600_000);
