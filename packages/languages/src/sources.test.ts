import { describe, expect, it } from "vitest";
import { asArgument, entryPointOf, extensionOf, sourcesOf } from "./sources.ts";

describe("extensionOf", () => {
  it.each([
    ["a.py", ".py"],
    ["dir.d/a.tar.c", ".c"],
    ["a.c++", ".c++"],
    ["a.C", ".C"],
    ["dir.py/noextension", ""],
    [".py", ""],
    ["dir/.py", ""],
    ["a.", ""],
    ["", ""],
  ])("of %j is %j", (path, extension) => {
    expect(extensionOf(path)).toBe(extension);
  });
});

describe("sourcesOf", () => {
  it("keeps the order and leaves out other files", () => {
    expect(sourcesOf(["b.c", "data.txt", "a.c", "a.h"], [".c"])).toEqual(["b.c", "a.c"]);
  });

  it("takes all files when the names say nothing", () => {
    expect(sourcesOf(["Program", "other.txt"], [".c"])).toEqual(["Program", "other.txt"]);
  });

  it("refuses a program without files", () => {
    expect(() => sourcesOf([], [".c"])).toThrow(RangeError);
  });
});

it("prefers named entry points over the first file", () => {
  expect(entryPointOf(["a.py", "main.py"], ["__main__.py", "main.py"])).toBe("main.py");
  expect(entryPointOf(["main.py", "__main__.py"], ["__main__.py", "main.py"])).toBe("__main__.py");
  expect(entryPointOf(["b.py", "a.py"], ["main.py"])).toBe("b.py");
});

it("makes names harmless that look like options", () => {
  expect(asArgument("-o")).toBe("./-o");
  expect(asArgument("@arguments")).toBe("./@arguments");
});
