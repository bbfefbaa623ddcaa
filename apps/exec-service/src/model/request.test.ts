import { describe, expect, it } from "vitest";
import { parseMessage, parseRequest } from "./request.ts";

const parse = (value: unknown) => parseRequest(value, { streams: false });
const one = (cmd: object) => parse({ cmd: [cmd] }).cmd[0];
const thrown = (value: unknown): string => {
  try {
    parse(value);
    return "";
  } catch (error) {
    return (error as Error).message;
  }
};

describe("a request", () => {
  it("takes null and absence for nothing, and ignores fields that it does not know", () => {
    const nothing = parse({ cmd: null, pipeMapping: null, requestId: null, later: 1 });
    expect(nothing).toEqual({ requestId: "", cmd: [], pipeMapping: [] });
    expect(one({ args: null, files: [null], copyIn: null, tty: null, cpuLimit: null })).toMatchObject({
      args: [],
      files: [null],
      copyIn: [],
      tty: false,
      cpuLimit: 0,
      copyOutMax: 0,
    });
  });

  it("knows the older names of fields", () => {
    expect(one({ clockLimit: 5, realCpuLimit: 7, strictMemoryLimit: true })).toMatchObject({
      clockLimit: 7,
      dataSegmentLimit: true,
    });
    expect(one({ clockLimit: 5, realCpuLimit: 0 })).toMatchObject({ clockLimit: 5, dataSegmentLimit: false });
  });

  it("takes the largest number of 64 bits", () => {
    expect(one(JSON.parse('{"memoryLimit":18446744073709551615}'))?.memoryLimit).toBe(2 ** 64);
  });

  it("tells the kinds of files apart, the first of several fields first", () => {
    const files = [
      { src: "/a", content: "b" },
      { content: "", fileId: "c" },
      { fileId: "d" },
      { name: "e", max: 5, pipe: true },
      { name: "f", max: -1 },
    ];
    expect(one({ files })?.files).toEqual([
      { kind: "local", path: "/a" },
      { kind: "memory", content: "" },
      { kind: "prepared", id: "d" },
      { kind: "collector", name: "e", max: 5 },
      { kind: "collector", name: "f", max: 0 },
    ]);
    expect(one({ copyIn: { a: { symlink: "b" }, c: { content: "d" } } })?.copyIn).toEqual([
      ["a", { kind: "symlink", target: "b" }],
      ["c", { kind: "memory", content: "d" }],
    ]);
  });

  it("reads optional names of files to copy out", () => {
    expect(one({ copyOut: ["a", "b?"], copyOutCached: ["?"] })).toMatchObject({
      copyOut: [
        { name: "a", optional: false },
        { name: "b", optional: true },
      ],
      copyOutCached: [{ name: "", optional: true }],
    });
  });

  it("has streams only where they can be served", () => {
    const cmd = [{ files: [{ streamIn: true }, { streamOut: true }] }];
    expect(parseRequest({ cmd }, { streams: true }).cmd[0]?.files).toEqual([
      { kind: "streamIn" },
      { kind: "streamOut" },
    ]);
    expect(thrown({ cmd })).toMatch(/^cmd\.0\.files\.0: file is not valid/);
  });

  it("keeps a file that is named as JavaScript's prototype, and gives nothing to objects", () => {
    const cmd = JSON.parse('{"copyIn":{"__proto__":{"content":"x"},"constructor":{"content":"y"}}}');
    expect(one(cmd)?.copyIn.map(([name]) => name)).toEqual(["__proto__", "constructor"]);
    expect(thrown(JSON.parse('{"cmd":[{"files":[{"__proto__":{"content":"x"}}]}]}'))).toMatch(/not valid/);
    expect("content" in {}).toBe(false);
  });

  it.each([
    [null, "the request"],
    [[], "the request"],
    ["text", "the request"],
    [{ cmd: {} }, "cmd"],
    [{ cmd: [1] }, "cmd.0"],
    [{ cmd: [{ args: "ls" }] }, "cmd.0.args"],
    [{ cmd: [{ args: [1] }] }, "cmd.0.args.0"],
    [{ cmd: [{ cpuLimit: -1 }] }, "cmd.0.cpuLimit"],
    [{ cmd: [{ cpuLimit: 1.5 }] }, "cmd.0.cpuLimit"],
    [{ cmd: [{ cpuLimit: "1" }] }, "cmd.0.cpuLimit"],
    [{ cmd: [{ copyIn: [] }] }, "cmd.0.copyIn"],
    [{ cmd: [{ copyIn: { a: 1 } }] }, "cmd.0.copyIn"],
    [{ cmd: [{ copyIn: { a: null } }] }, "cmd.0.copyIn.a"],
    [{ cmd: [{ copyIn: { a: { name: "x", max: 1 } } }] }, "cmd.0.copyIn.a"],
    [{ cmd: [{ files: [{}] }] }, "cmd.0.files.0"],
    [{ cmd: [{ files: [{ name: "x" }] }] }, "cmd.0.files.0"],
    [{ pipeMapping: [{ in: { index: "0" } }] }, "pipeMapping.0.in.index"],
  ])("says where %j is wrong", (value, where) => {
    expect(thrown(value)).toMatch(new RegExp(`^${where.replaceAll(".", "\\.")}\\b.*: `));
  });
});

describe("a message", () => {
  it("is a request, or names one to cancel", () => {
    expect(parseMessage({ cancelRequestId: "1", cmd: [] })).toEqual({ kind: "cancel", requestId: "1" });
    expect(parseMessage({ requestId: "2", cmd: [] })).toEqual({
      kind: "request",
      request: { requestId: "2", cmd: [], pipeMapping: [] },
    });
  });
});
