import { execFileSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
} from "node:fs";
import { rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import type { Header } from "tar-stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { mergeUsr, unpackDebian, unpackNpm } from "./unpack.ts";

let outside = "";
let root = "";
beforeEach(() => {
  outside = realpathSync(mkdtempSync(join(tmpdir(), "assay-unpack-")));
  root = join(outside, "root");
  mkdirSync(root);
});
afterEach(() => rmSync(outside, { recursive: true, force: true }));

type Entry = Partial<Header> & { name: string; content?: string };

const tarball = async (
  entries: readonly Entry[],
  change = (bytes: Buffer): Buffer => bytes,
): Promise<string> => {
  const tar = pack();
  for (const { content, ...header } of entries) tar.entry(header, content ?? "");
  tar.finalize();
  const path = join(outside, "package.tgz");
  await writeFile(path, change(gzipSync(await buffer(tar))));
  return path;
};

describe("a package of npm", () => {
  it("lies in its place without its first directory, programs as programs", async () => {
    const path = await tarball([
      { name: "package/package.json", content: "{}", mode: 0o644 },
      { name: "package/bin/tool", content: "#!", mode: 0o4755 },
      { name: "package/deep/er/file", content: "x".repeat(2_000_000) },
    ]);
    await unpackNpm(path, root, "usr/lib/tool");
    expect(readdirSync(join(root, "usr/lib/tool")).sort()).toEqual(["bin", "deep", "package.json"]);
    expect(statSync(join(root, "usr/lib/tool/bin/tool")).mode & 0o7111).toBe(0o111);
    expect(statSync(join(root, "usr/lib/tool/deep/er/file")).size).toBe(2_000_000);
  });

  it.each<[string, Entry[]]>([
    ["a name that leads upwards", [{ name: "package/../../../evil", content: "x" }]],
    ["a symbolic link", [{ name: "package/link", type: "symlink", linkname: "/etc" }]],
    ["a hard link", [{ name: "package/link", type: "link", linkname: "/etc/passwd" }]],
    ["a device", [{ name: "package/null", type: "character-device", devmajor: 1, devminor: 3 }]],
    ["a pipe", [{ name: "package/pipe", type: "fifo" }]],
  ])("is refused with %s", async (_, entries) => {
    const path = await tarball([...entries, { name: "package/after", content: "x" }]);
    await expect(unpackNpm(path, root, "usr/lib/tool")).rejects.toMatchObject({
      code: "build_failed",
      message: expect.stringContaining("The npm package for /usr/lib/tool holds"),
    });
    expect(readdirSync(outside).sort()).toEqual(["package.tgz", "root"]);
    expect(existsSync(join(root, "usr/lib/tool/after"))).toBe(false);
  });

  it.each<[string, (bytes: Buffer) => Buffer]>([
    ["cut short", (bytes) => bytes.subarray(0, bytes.length / 2)],
    ["no archive", () => Buffer.from("<html>")],
    ["an archive of something else", () => gzipSync("x".repeat(2000))],
  ])("is refused when it is %s", async (_, change) => {
    const path = await tarball([{ name: "package/file", content: "content".repeat(1000) }], change);
    await expect(unpackNpm(path, root, "usr/lib/tool")).rejects.toMatchObject({ code: "build_failed" });
  });

  it("stops when it is told to", async () => {
    const path = await tarball([{ name: "package/file", content: "x" }]);
    const reason = new Error("enough");
    await expect(unpackNpm(path, root, "usr/lib", AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

const hasDpkg = existsSync("/usr/bin/dpkg-deb");

const debian = (name: string, fill: (tree: string) => void): string => {
  const tree = join(outside, name);
  mkdirSync(join(tree, "DEBIAN"), { recursive: true });
  const control = `Package: ${name}\nVersion: 1\nArchitecture: all\nMaintainer: a <a@b.c>\nDescription: x\n`;
  writeFileSync(join(tree, "DEBIAN/control"), control);
  writeFileSync(join(tree, "DEBIAN/postinst"), `#!/bin/sh\ntouch ${outside}/ran\n`, { mode: 0o755 });
  fill(tree);
  execFileSync("dpkg-deb", ["--build", "--root-owner-group", tree, `${tree}.deb`], { stdio: "pipe" });
  return `${tree}.deb`;
};

describe.skipIf(!hasDpkg)("a Debian package (needs dpkg-deb)", () => {
  it("is unpacked as data, into /usr where it names the old directories", async () => {
    mergeUsr(root);
    const path = debian("tool", (tree) => {
      mkdirSync(join(tree, "bin"));
      writeFileSync(join(tree, "bin/tool"), "#!", { mode: 0o755 });
      execFileSync("ln", [join(tree, "bin/tool"), join(tree, "bin/same")]);
      symlinkSync("tool", join(tree, "bin/link"));
      execFileSync("mkfifo", [join(tree, "bin/pipe")]);
    });
    await unpackDebian(path, root);
    expect(readdirSync(join(root, "usr/bin")).sort()).toEqual(["link", "same", "tool"]);
    expect(lstatSync(join(root, "bin")).isSymbolicLink()).toBe(true);
    expect(statSync(join(root, "bin/same")).ino).toBe(statSync(join(root, "bin/tool")).ino);
    expect(existsSync(join(outside, "ran"))).toBe(false);
  });

  it("writes nothing outside by another package's link", async () => {
    mkdirSync(join(outside, "run"));
    const first = debian("first", (tree) => {
      mkdirSync(join(tree, "var"));
      symlinkSync(join(outside, "run"), join(tree, "var/run"));
    });
    const second = debian("second", (tree) => {
      mkdirSync(join(tree, "var/run"), { recursive: true });
      writeFileSync(join(tree, "var/run/file"), "x");
    });
    await unpackDebian(first, root);
    await unpackDebian(second, root);
    expect(readdirSync(join(outside, "run"))).toEqual([]);
    expect(readFileSync(join(root, outside, "run/file"), "utf8")).toBe("x");
  });

  it("is named when it can't be read", async () => {
    const path = join(outside, "broken.deb");
    writeFileSync(path, "not an archive");
    await expect(unpackDebian(path, root)).rejects.toThrow(/dpkg-deb can't read .*broken\.deb: .*/);
  });
});
