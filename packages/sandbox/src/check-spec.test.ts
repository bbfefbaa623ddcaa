import { describe, expect, it } from "vitest";
import { parseArtifactId } from "./artifact-id.ts";
import { checkSpec } from "./check-spec.ts";
import type { FdUse } from "./check-spec.ts";
import type { BoxFd } from "./fd.ts";
import { plainSpec } from "./testing/spec.ts";
import type { RunSpec } from "./spec.ts";
import { codeOf } from "./testing/bytes.ts";

const MiB = 1024 * 1024;
const check = (change: Partial<RunSpec>, use: FdUse = "streams-and-pipes"): unknown =>
  codeOf(() => checkSpec({ ...plainSpec, ...change }, use));
const collecting = (paths: readonly string[], maxBytes = 1) => ({
  collect: { paths, maxBytes, maxBytesEach: null, truncate: false },
});
const capture = (maxBytes: number): BoxFd => ({ kind: "capture", maxBytes, onLimit: "stop" });
const terminal = (rows: number, columns: number): BoxFd => ({
  kind: "terminal",
  rows,
  columns,
  maxBytes: null,
  onLimit: "discard",
});

/** What is said of a descriptor in a run, in a run that is opened, and in a session. */
const checkFd = (fd: BoxFd): unknown[] =>
  (["no-streams", "streams", "streams-and-pipes"] as const).map((use) => check({ fds: [fd] }, use));

describe("checkSpec", () => {
  it.each(["", "/etc/passwd", "..", "a/../b", "./a", "a//b", "a/", "a\0b", "\ud800", "x".repeat(256)])(
    "refuses %j as a path to write, to link or to collect",
    (path) => {
      expect(check({ files: [{ path, mode: 0o644, content: new Uint8Array() }] })).toBe("bad_path");
      expect(check({ files: [{ path, target: "a" }] })).toBe("bad_path");
      expect(check(collecting([path]))).toBe("bad_path");
    },
  );

  it("refuses a path that Linux can't hold", () => {
    expect(check(collecting(["d/".repeat(2047) + "long"]))).toBe("bad_path");
  });

  it.each<[string, Partial<RunSpec>, string]>([
    ["an image that is no digest", { image: "../../etc" }, "unknown_image"],
    ["an empty program", { argv: [""] }, "out_of_range"],
    ["a NUL in an argument", { argv: ["/bin/echo", "a\0b"] }, "out_of_range"],
    ["half a surrogate in an argument", { argv: ["/bin/echo", "\udc00"] }, "out_of_range"],
    ["= in a variable's name", { env: { "A=B": "c" } }, "out_of_range"],
    ["a nameless variable", { env: { "": "c" } }, "out_of_range"],
    ["a NUL in a variable", { env: { A: "\0" } }, "out_of_range"],
    [
      "a mode with set-uid",
      { files: [{ path: "a", mode: 0o4755, content: Buffer.alloc(0) }] },
      "out_of_range",
    ],
    [
      "the mode of a link",
      { files: [{ path: "a", mode: 0o120000, content: Buffer.from("b") }] },
      "out_of_range",
    ],
    ["a link to nothing", { files: [{ path: "a", target: "" }] }, "out_of_range"],
    ["a NUL in a link", { files: [{ path: "a", target: "b\0" }] }, "out_of_range"],
    ["a link that is too long", { files: [{ path: "a", target: "b".repeat(4096) }] }, "out_of_range"],
    ["no processor", { cpus: [] }, "out_of_range"],
    ["a processor below the first", { cpus: [-1] }, "out_of_range"],
    ["a processor beyond the mask", { cpus: [1024] }, "out_of_range"],
    ["half a processor", { cpus: [0.5] }, "out_of_range"],
    ["17 descriptors", { fds: Array.from({ length: 17 }, (): BoxFd => ({ kind: "null" })) }, "out_of_range"],
    ["a capture that is too large", { fds: [capture(256 * MiB + 1)] }, "out_of_range"],
    ["a capture of no size", { fds: [capture(NaN)] }, "out_of_range"],
    [
      "captures that are too large together",
      { fds: [1, 2, 3].map(() => capture(200 * MiB)) },
      "out_of_range",
    ],
    ["too much to collect", collecting([], 256 * MiB + 1), "out_of_range"],
    ["a terminal without rows", { fds: [terminal(0, 80)] }, "out_of_range"],
    ["a terminal that is too wide", { fds: [terminal(24, 4097)] }, "out_of_range"],
    ["the same as itself", { fds: [{ kind: "same", fd: 0 }] }, "out_of_range"],
    ["the same as a later one", { fds: [{ kind: "same", fd: 1 }, { kind: "null" }] }, "out_of_range"],
    ["the same as none", { fds: [{ kind: "null" }, { kind: "same", fd: -1 }] }, "out_of_range"],
  ])("refuses %s", (_what, change, code) => {
    expect(check(change)).toBe(code);
  });

  it("lets each way to run have its own descriptors", () => {
    const output: BoxFd = { kind: "output", maxBytes: null, onLimit: "discard" };
    for (const fd of [{ kind: "input" } as const, output, terminal(1, 4096)]) {
      expect(checkFd(fd)).toEqual(["out_of_range", "no error", "no error"]);
    }
    expect(checkFd({ kind: "pipe-read", pipe: 1 })).toEqual(["out_of_range", "out_of_range", "no error"]);
    expect(checkFd(capture(256 * MiB))).toEqual(["no error", "no error", "no error"]);
  });
});

describe("parseArtifactId", () => {
  it.each(["", "0".repeat(32), "0".repeat(31), "A".repeat(32), "g".repeat(32)])("refuses %j", (text) => {
    expect(codeOf(() => parseArtifactId(text))).toBe("unknown_artifact");
  });
});
