import { isUtf8 } from "node:buffer";
import { describe, expect, it } from "vitest";
import { encodeResponse, encodeResults, joined } from "./encode.ts";
import { notRun, type Result } from "./result.ts";

const result: Result = {
  status: "Accepted",
  exitStatus: 0,
  error: "",
  time: 1_042_000,
  memory: 294_912,
  runTime: 975_350,
  procPeak: 1,
  files: new Map(),
  fileIds: new Map(),
  fileError: [],
};

const text = (results: readonly Result[]): string => joined(encodeResults(results)).toString();
const fileOf = (content: Uint8Array): unknown =>
  JSON.parse(text([{ ...result, files: new Map([["a", content]]) }]))[0].files.a;

describe("results as Go writes them", () => {
  it("leaves out what is empty, and keeps the order of the fields", () => {
    expect(text([{ ...result, procPeak: 0 }])).toBe(
      '[{"status":"Accepted","exitStatus":0,"time":1042000,"memory":294912,"runTime":975350}]\n',
    );
  });

  it("sorts files by name, also names that look like numbers or like a prototype", () => {
    const files = new Map(["stdout", "10", "9", "__proto__"].map((name) => [name, Buffer.from(name)]));
    expect(text([{ ...result, files, fileIds: new Map([["b", "2"]]) }])).toBe(
      '[{"status":"Accepted","exitStatus":0,"time":1042000,"memory":294912,"runTime":975350,"procPeak":1,' +
        '"files":{"10":"10","9":"9","__proto__":"__proto__","stdout":"stdout"},"fileIds":{"b":"2"}}]\n',
    );
  });

  it("tells errors of files", () => {
    const error = { name: "out", type: "CopyOutOpen", message: 'no "out"' } as const;
    expect(JSON.parse(text([notRun("File Error", "x", [error])]))).toEqual([
      { status: "File Error", exitStatus: 0, error: "x", time: 0, memory: 0, runTime: 0, fileError: [error] },
    ]);
  });

  it("has no results for a request that was not taken, and no error where there is none", () => {
    expect(joined(encodeResponse({ requestId: "1", results: null, error: "no" })).toString()).toBe(
      '{"requestId":"1","results":null,"error":"no"}\n',
    );
    expect(joined(encodeResponse({ requestId: "", results: [], error: "" })).toString()).toBe(
      '{"requestId":"","results":[]}\n',
    );
  });
});

describe("bytes", () => {
  it("replaces each byte that is no UTF-8", () => {
    expect(fileOf(Buffer.from([0x61, 0xe2, 0x82, 0x62, 0xff, 0xc3, 0xa9, 0xed, 0xa0, 0x80]))).toBe(
      "a\ufffd\ufffdb\ufffdé\ufffd\ufffd\ufffd",
    );
  });

  it("agrees with the decoder of this runtime about what is no UTF-8", () => {
    for (let first = 0x80; first <= 0xff; first += 1) {
      for (let second = 0x70; second <= 0xff; second += 1) {
        const bytes = Buffer.from([first, second, 0x80, 0x80]);
        const valid = [2, 3, 4].find((length) => isUtf8(bytes.subarray(0, length)));
        const expected = valid === undefined ? "\ufffd" : bytes.toString("utf8", 0, valid);
        expect(String(fileOf(bytes)).slice(0, expected.length)).toBe(expected);
      }
    }
  });

  it("keeps a character that lies on the border of two pieces", () => {
    for (const lead of [0, 1, 2, 3]) {
      const content = "x".repeat(1024 * 1024 - lead) + "🙂é\u0000";
      expect(fileOf(Buffer.from(content))).toBe(content);
    }
  });

  it("cuts bytes that are no text at all into pieces too", () => {
    const content = Buffer.alloc(1024 * 1024 + 5, 0x80);
    expect(fileOf(content)).toBe("\ufffd".repeat(content.length));
  });
});
