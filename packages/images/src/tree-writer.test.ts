import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
} from "node:fs";
import { realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TreeWriter } from "./tree-writer.ts";

let outside = "";
let root = "";
let writer: TreeWriter;
beforeEach(() => {
  outside = realpathSync(mkdtempSync(join(tmpdir(), "assay-writer-")));
  root = join(outside, "root");
  mkdirSync(root);
  mkdirSync(join(outside, "host"));
  writeFileSync(join(outside, "host/precious"), "host");
  writer = new TreeWriter(root);
});
afterEach(() => rmSync(outside, { recursive: true, force: true }));

const write = (path: string, content = "new", isProgram = false): void =>
  writer.wholeFile(path, isProgram, Buffer.from(content));
const read = (path: string): string => readFileSync(join(root, path), "utf8");

describe("links to directories lead to where they would lead in the root", () => {
  it.each([
    ["an absolute one", (): string => join(outside, "host")],
    ["one upwards", (): string => "../../../../../../../../../../host"],
  ])("%s", (_, target) => {
    writer.symbolicLink("var/out", target());
    write("var/out/precious");
    write("var/out/sub/file");
    expect(readFileSync(join(outside, "host/precious"), "utf8")).toBe("host");
    expect(existsSync(join(outside, "host/sub"))).toBe(false);
    const inner = target().startsWith("/") ? target().slice(1) : "host";
    expect(read(`${inner}/precious`)).toBe("new");
    expect(read(`${inner}/sub/file`)).toBe("new");
  });

  it("one after the other, as Debian's do", () => {
    writer.symbolicLink("lib", "usr/lib");
    writer.symbolicLink("usr/lib64", "/lib");
    write("lib64/../usr/lib64/libc.so".replace("lib64/../", ""));
    expect(read("usr/lib/libc.so")).toBe("new");
  });

  it("not in a circle", () => {
    writer.symbolicLink("a", "b");
    writer.symbolicLink("b", "a");
    expect(() => write("a/file")).toThrow(/from one link to the next/);
  });
});

it("replaces a link by a file, and not what the link points to", () => {
  symlinkSync(join(outside, "host/precious"), join(root, "file"));
  write("file");
  expect(lstatSync(join(root, "file")).isFile()).toBe(true);
  expect(readFileSync(join(outside, "host/precious"), "utf8")).toBe("host");
});

it("follows a link that took another's place", () => {
  writer.symbolicLink("link", "one");
  write("link/file", "1");
  writer.symbolicLink("link", "two");
  write("link/file", "2");
  expect([read("one/file"), read("two/file")]).toEqual(["1", "2"]);
});

it("makes a hard link to a file of the tree, and to nothing else", () => {
  write("bin/perl", "perl", true);
  writer.hardLink("bin/perl5", "./bin/perl");
  expect(statSync(join(root, "bin/perl5")).ino).toBe(statSync(join(root, "bin/perl")).ino);
  writer.hardLink("bin/perl5", "bin/perl");
  writer.symbolicLink("out", join(outside, "host"));
  for (const target of ["out/precious", "bin", "none"])
    expect(() => writer.hardLink("stolen", target)).toThrow(/not a file/);
  expect(() => writer.hardLink("stolen", "../host/precious")).toThrow(/entry named/);
});

it("keeps a directory where a link to one comes later", () => {
  write("usr/share/doc/x");
  writer.symbolicLink("usr/share", "elsewhere");
  expect(read("usr/share/doc/x")).toBe("new");
  writer.symbolicLink("new", "usr");
  expect(readlinkSync(join(root, "new"))).toBe("usr");
});

it("makes programs and files, whatever was there before", () => {
  write("tool", "old", true);
  write("tool", "new", false);
  expect(statSync(join(root, "tool")).mode & 0o111).toBe(0);
  closeSync(writer.file("tool", true));
  expect(statSync(join(root, "tool")).mode & 0o100).toBe(0o100);
});

it.each(["../host/precious", "usr/../../host/precious", "..", "a\0b", "", "/", "./."])(
  "refuses a file named %j",
  (path) => {
    expect(() => write(path)).toThrow(/entry named|can't be a file/);
    expect(readFileSync(join(outside, "host/precious"), "utf8")).toBe("host");
  },
);

it("takes an absolute name as one below the root", () => {
  write("/etc/hostname", "box");
  expect(read("etc/hostname")).toBe("box");
});
