import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { normalize, trim } from "./trim.ts";

let outside = "";
let root = "";

const mode = (path: string): string => (statSync(path).mode & 0o7777).toString(8);

beforeEach(() => {
  outside = mkdtempSync(join(tmpdir(), "assay-trim-"));
  root = join(outside, "root");
  mkdirSync(join(root, "usr/share/doc/gcc"), { recursive: true });
  mkdirSync(join(root, "etc"));
  mkdirSync(join(outside, "host"));
  writeFileSync(join(outside, "host/precious"), "");
});
afterEach(() => rmSync(outside, { recursive: true, force: true }));

it("removes what matches, with all that is below it", async () => {
  writeFileSync(join(root, "usr/share/doc/gcc/README"), "");
  writeFileSync(join(root, "usr/share/kept"), "");
  await trim(root, ["usr/share/{doc,man}", "no/such/path"]);
  expect(readdirSync(join(root, "usr/share"))).toEqual(["kept"]);
});

it("removes a link and not what it points to", async () => {
  symlinkSync(join(outside, "host"), join(root, "run"));
  await trim(root, ["run"]);
  expect(existsSync(join(root, "run"))).toBe(false);
  expect(existsSync(join(outside, "host/precious"))).toBe(true);
});

it.each(["run/precious", "run/*", "../host/precious", "../host", "usr/../../host"])(
  "refuses %s, which leads out of the image",
  async (pattern) => {
    symlinkSync(join(outside, "host"), join(root, "run"));
    await expect(trim(root, [pattern])).rejects.toMatchObject({ code: "build_failed" });
    expect(existsSync(join(outside, "host/precious"))).toBe(true);
    expect(existsSync(root)).toBe(true);
  },
);

it("empties the mount points and writes the common files over links", async () => {
  writeFileSync(join(outside, "host/passwd"), "host");
  symlinkSync(join(outside, "host/passwd"), join(root, "etc/passwd"));
  mkdirSync(join(root, "tmp/left"), { recursive: true });
  await trim(root, []);
  expect(readdirSync(root).sort()).toEqual(["dev", "etc", "proc", "tmp", "usr", "w"]);
  expect(readdirSync(join(root, "tmp"))).toEqual([]);
  expect(readFileSync(join(outside, "host/passwd"), "utf8")).toBe("host");
  expect(readFileSync(join(root, "etc/passwd"), "utf8")).toMatch(/^root:x:0:0:/);
});

it("follows no link of a package out of the image when it writes the common files", async () => {
  rmSync(join(root, "etc"), { recursive: true });
  symlinkSync(join(outside, "host"), join(root, "etc"));
  writeFileSync(join(outside, "host/passwd"), "host");
  await trim(root, []);
  expect(readdirSync(join(outside, "host")).sort()).toEqual(["passwd", "precious"]);
  expect(readFileSync(join(outside, "host/passwd"), "utf8")).toBe("host");
  // Where the link leads to when the image is the root.
  expect(readFileSync(join(root, outside, "host/passwd"), "utf8")).toMatch(/^root:x:0:0:/);
});

it("leaves two modes, and neither devices nor pipes", async () => {
  writeFileSync(join(root, "program"), "", { mode: 0o755 });
  execFileSync("chmod", ["6711", join(root, "program")]);
  writeFileSync(join(root, "secret"), "", { mode: 0o600 });
  execFileSync("chmod", ["1777", join(root, "etc")]);
  execFileSync("mkfifo", [join(root, "pipe")]);
  symlinkSync(join(outside, "host"), join(root, "link"));
  execFileSync("chmod", ["0700", join(outside, "host")]);
  await normalize(root);
  expect(mode(join(root, "program"))).toBe("755");
  expect(mode(join(root, "secret"))).toBe("644");
  expect(mode(join(root, "etc"))).toBe("755");
  expect(mode(join(outside, "host"))).toBe("700");
  expect(existsSync(join(root, "pipe"))).toBe(false);
});
