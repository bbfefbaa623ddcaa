import { describe, expect, it } from "vitest";
import { workPath } from "./work-path.ts";

describe("a name in the work directory", () => {
  it.each([
    ["a", "a"],
    ["/w/a", "a"],
    ["a/b/../c", "a/c"],
    ["./a//b", "a/b"],
    ["a?b", "a?b"],
    ["..a", "..a"],
  ])("%j is %j", (name, path) => expect(workPath(name)).toBe(path));

  it.each([
    "",
    "/",
    "/w",
    "/w/",
    ".",
    "..",
    "../w/../a",
    "/tmp/a",
    "/ww/a",
    "a/",
    "a\0b",
    "\ud800",
    "a/../..",
  ])("%j is none", (name) => expect(workPath(name)).toBeNull());

  it("is not longer than a file's name can be", () => {
    expect(workPath("x".repeat(255))).toBe("x".repeat(255));
    expect(workPath("é".repeat(128))).toBeNull();
    expect(workPath("x/".repeat(2048).concat("x"))).toBeNull();
  });
});
