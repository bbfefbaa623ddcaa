import { AssayError } from "@assay/contracts";
import { describe, expect, it } from "vitest";
import { readSources } from "./sources.ts";

const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof AssayError) return error.code;
    throw error;
  }
  return "taken";
};
const file = (path: string, content = "print(1)", encoding: "utf8" | "base64" = "utf8") => ({
  path,
  content,
  encoding,
});
const base64 = (bytes: readonly number[]) => Buffer.from(bytes).toString("base64");

describe("readSources", () => {
  it("names the only source as the language does", () => {
    expect(readSources({ source: "print(1)" }, "main.py", 100)).toEqual([
      { path: "main.py", content: "print(1)" },
    ]);
  });

  it("takes base64 of text, and keeps a byte order mark", () => {
    const files = readSources({ files: [file("a.py", base64([0xef, 0xbb, 0xbf, 0x31]), "base64")] }, "", 100);
    expect(files[0]?.content).toBe("\ufeff1");
  });

  it("reads base64 of many megabytes", () => {
    const content = Buffer.alloc(12_000_000, "x").toString("base64");
    const [read] = readSources({ files: [file("a.py", content, "base64")] }, "", 20_000_000);
    expect(read?.content).toHaveLength(12_000_000);
    expect(codeOf(() => readSources({ files: [file("a.py", `${content}A`, "base64")] }, "", 1e9))).toBe(
      "source_not_text",
    );
  });

  it("counts bytes, not characters", () => {
    expect(codeOf(() => readSources({ source: "ää" }, "a", 4))).toBe("taken");
    expect(codeOf(() => readSources({ source: "äää" }, "a", 4))).toBe("source_too_large");
  });

  it.each([
    ["nothing", { source: "" }, "source_empty"],
    ["white space", { source: " \n\t\u00a0" }, "source_empty"],
    ["several empty files", { files: [file("a", ""), file("b", "\n")] }, "source_empty"],
    ["one byte too many", { source: "x".repeat(101) }, "source_too_large"],
    [
      "files that are too large together",
      { files: [file("a", "x".repeat(60)), file("b", "y".repeat(60))] },
      "source_too_large",
    ],
    ["a NUL byte", { source: "int\0main" }, "source_not_text"],
    ["half a surrogate pair", { source: "\ud800" }, "source_not_text"],
    [
      "base64 of a binary",
      { files: [file("a.out", base64([0x7f, 0x45, 0x4c, 0x46, 0]), "base64")] },
      "source_not_text",
    ],
    ["base64 of Latin-1", { files: [file("a.c", base64([0x61, 0xe4, 0x62]), "base64")] }, "source_not_text"],
    ["broken base64", { files: [file("a.c", "abc", "base64")] }, "source_not_text"],
    ["base64url", { files: [file("a.c", "-_-_", "base64")] }, "source_not_text"],
    ["a parent path", { files: [file("../a.c")] }, "bad_path"],
    ["a hidden parent path", { files: [file("a/../../b.c")] }, "bad_path"],
    ["an absolute path", { files: [file("/etc/passwd")] }, "bad_path"],
    ["a NUL in a path", { files: [file("a\0.c")] }, "bad_path"],
    ["a backslash", { files: [file("a\\b.c")] }, "bad_path"],
    ["a trailing slash", { files: [file("a/")] }, "bad_path"],
    ["the directory itself", { files: [file(".")] }, "bad_path"],
    ["an option as a name", { files: [file("-o.c")] }, "bad_path"],
    ["a lone surrogate in a path", { files: [file("\udc00.c")] }, "bad_path"],
    ["the same path twice", { files: [file("a.c"), file("a.c")] }, "bad_path"],
    ["a file that is a directory", { files: [file("a"), file("a/b.c")] }, "bad_path"],
    ["a path of 256 bytes", { files: [file("ä".repeat(128))] }, "bad_path"],
  ])("refuses %s", (_name, input, code) => {
    expect(codeOf(() => readSources(input, "main", 100))).toBe(code);
  });
});
