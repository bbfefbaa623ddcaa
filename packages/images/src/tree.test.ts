import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { treeDifferences } from "./tree-difference.ts";
import { readTree, treeDigest } from "./tree.ts";
import type { Tree } from "./tree.ts";

let root = "";
const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
const read = (): Promise<Tree> => readTree(root, { owner });

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "assay-tree-"));
  mkdirSync(join(root, "bin"));
  writeFileSync(join(root, "bin/tool"), "content", { mode: 0o755 });
  writeFileSync(join(root, "empty"), "");
  symlinkSync("bin/tool", join(root, "link"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe("the digest", () => {
  const changes: [string, () => void, string][] = [
    ["content", () => writeFileSync(join(root, "bin/tool"), "CONTENT"), "content of bin/tool changed"],
    ["one appended byte", () => writeFileSync(join(root, "empty"), "\0"), "content of empty changed"],
    ["a mode", () => chmodSync(join(root, "bin/tool"), 0o754), "mode of bin/tool changed"],
    ["a set-uid bit", () => chmodSync(join(root, "bin/tool"), 0o4755), "mode of bin/tool changed"],
    ["the root's mode", () => chmodSync(root, 0o777), "mode of . changed"],
    [
      "a link's target",
      () => {
        unlinkSync(join(root, "link"));
        symlinkSync("bin/TOOL", join(root, "link"));
      },
      "content of link changed",
    ],
    ["an extra file", () => writeFileSync(join(root, "bin/extra"), ""), "bin/extra was added"],
    ["an extra empty directory", () => mkdirSync(join(root, "dir")), "dir was added"],
    ["a missing file", () => unlinkSync(join(root, "empty")), "empty is missing"],
    [
      "a file that became a link to the same content",
      () => {
        writeFileSync(join(root, "same"), "content");
        unlinkSync(join(root, "bin/tool"));
        symlinkSync("../same", join(root, "bin/tool"));
        unlinkSync(join(root, "same"));
      },
      "type and mode and content of bin/tool changed",
    ],
    [
      "a file that became a pipe, without opening it",
      () => {
        unlinkSync(join(root, "empty"));
        execFileSync("mkfifo", [join(root, "empty")]);
      },
      "type and content of empty changed",
    ],
  ];

  it.each(changes)("changes with %s", async (_, change, difference) => {
    const before = await read();
    change();
    const after = await read();
    expect(after.digest).not.toBe(before.digest);
    expect(treeDifferences(before.text, after.text)).toEqual([difference]);
  });

  it.skipIf(owner.uid !== 0)("changes with an owner", async () => {
    const before = await read();
    chownSync(join(root, "bin/tool"), 1, 0);
    const after = await read();
    expect(treeDifferences(before.text, after.text)).toEqual(["owner of bin/tool changed"]);
  });

  it.skipIf(owner.uid !== 0)("is the same for a builder without privileges", async () => {
    const before = await read();
    execFileSync("chown", ["-hR", "65534:65534", root]);
    expect((await readTree(root, { owner: { uid: 65534, gid: 65534 } })).digest).toBe(before.digest);
    expect((await read()).digest).not.toBe(before.digest);
  });

  it("does not change with times, nor between two readings", async () => {
    const before = await read();
    for (const path of ["", "bin", "bin/tool"]) utimesSync(join(root, path), 1, 1);
    expect(await read()).toEqual(before);
  });

  it("tells apart what only differs in where a name ends", async () => {
    writeFileSync(join(root, "a b"), "");
    const before = await read();
    rmSync(join(root, "a b"));
    writeFileSync(join(root, "a%20b"), "");
    const after = await read();
    expect(treeDifferences(before.text, after.text)).toEqual(["a%20b is missing", "a%2520b was added"]);
  });

  it("reads names that are not UTF-8, and names with line ends", async () => {
    writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff, 0xfe])]), "bytes");
    writeFileSync(join(root, "a\nf 0644 0 0 0 - forged"), "");
    const { text } = await read();
    expect(text).toContain(" %FF%FE\n");
    expect(text).toContain(" a%0Af%200644%200%200%200%20-%20forged\n");
    expect(text.split("\n")).toHaveLength(9);
  });

  it("is the digest of its text, which has a stated form", async () => {
    const { text, digest, sizeBytes } = await read();
    expect(digest).toBe(treeDigest(text));
    expect(sizeBytes).toBe(7);
    expect(text.split("\n").map((line) => line.replace(/[0-9a-f]{64}/, "SHA"))).toEqual([
      "assay-tree 1",
      "d 0700 0 0 0 - .",
      "d 0755 0 0 0 - bin",
      "f 0755 0 0 7 SHA bin/tool",
      "f 0644 0 0 0 SHA empty",
      "l 0777 0 0 8 SHA link",
      "",
    ]);
  });
});

it("stops when it is told to", async () => {
  // Enough entries for several slices.
  for (let index = 0; index < 600; index += 1) writeFileSync(join(root, `file-${index}`), "");
  const reason = new Error("enough");
  await expect(readTree(root, { owner, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

it("reads a file that is larger than its buffer", async () => {
  const content = Buffer.alloc(3 * 1024 * 1024 + 1, "x");
  writeFileSync(join(root, "large"), content);
  expect((await read()).text).toContain(`f 0644 0 0 ${content.length} ${sha256(content)} large\n`);
});

const sha256 = (content: Buffer): string =>
  execFileSync("sha256sum", { input: content, encoding: "utf8" }).slice(0, 64);
