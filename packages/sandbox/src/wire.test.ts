import { defaultRunLimits } from "@assay/contracts";
import { describe, expect, it } from "vitest";
import { SandboxError } from "./error.ts";
import type { RunSpec } from "./spec.ts";
import {
  decodeMessage,
  encodeCancel,
  encodeForget,
  encodeHello,
  encodeRun,
  parseArtifactId,
} from "./wire.ts";

const image = "0123456789abcdef".repeat(4);
const artifact = parseArtifactId("000102030405060708090a0b0c0d0e0f");

const spec: RunSpec = {
  image,
  argv: ["/bin/true"],
  env: {},
  limits: defaultRunLimits,
  stdin: new Uint8Array(),
  base: null,
  files: [],
  keep: null,
  collect: null,
  onOutputLimit: "discard",
};

const u8 = (value: number): Buffer => Buffer.from([value]);
const u16 = (value: number): Buffer => Buffer.from([value & 255, value >> 8]);
const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const i32 = (value: number): Buffer => u32(value >>> 0);
const u64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};
const str16 = (text: string): Buffer => Buffer.concat([u16(Buffer.byteLength(text)), Buffer.from(text)]);
const str32 = (text: string): Buffer => Buffer.concat([u32(Buffer.byteLength(text)), Buffer.from(text)]);
const bytes = (content: Uint8Array): Buffer => Buffer.concat([u64(content.length), content]);
const frame = (...parts: Buffer[]): Buffer => {
  const payload = Buffer.concat(parts);
  return Buffer.concat([u32(payload.length), payload]);
};

const codeOf = (attempt: () => unknown): unknown => {
  try {
    attempt();
  } catch (error) {
    if (error instanceof SandboxError) return error.code;
    throw error;
  }
  return "no error";
};

describe("what a client sends", () => {
  it("is laid out as the protocol says", () => {
    const big = Buffer.alloc(10_000, 7);
    const run = encodeRun(5, {
      ...spec,
      argv: ["python3", "main.py", "é"],
      env: { PATH: "/bin", EMPTY: "" },
      limits: {
        cpuMs: 1500,
        wallMs: 3_600_000,
        memoryBytes: 64 * 1024 ** 3,
        processes: 3,
        diskBytes: 2 * 1024 * 1024,
        fileBytes: 4,
        stackBytes: 5,
        openFiles: 6,
        outputBytes: 7,
      },
      stdin: big,
      base: artifact,
      files: [
        { path: "a/b", mode: 0o755, content: Buffer.from("x") },
        { path: "big", mode: 0, content: big },
        { path: "after", mode: 1, content: new Uint8Array() },
      ],
      keep: { maxBytes: 2 ** 40 },
      collect: { paths: ["out", "a/c"], maxBytes: 9 },
      onOutputLimit: "stop",
    });
    const expected = frame(
      u8(2),
      u32(5),
      str16(image),
      u16(3),
      str32("python3"),
      str32("main.py"),
      str32("é"),
      u16(2),
      str32("PATH=/bin"),
      str32("EMPTY="),
      u64(1_500_000_000),
      u64(3_600_000_000_000),
      u64(64 * 1024 ** 3),
      u32(3),
      u32(0),
      u64(2 * 1024 * 1024),
      u32(2048),
      u64(5),
      u64(4),
      u32(6),
      u64(7),
      u64(7),
      u8(1),
      bytes(big),
      Buffer.from("000102030405060708090a0b0c0d0e0f", "hex"),
      u16(3),
      str16("a/b"),
      u32(0o755),
      bytes(Buffer.from("x")),
      str16("big"),
      u32(0),
      bytes(big),
      str16("after"),
      u32(1),
      bytes(Buffer.alloc(0)),
      u8(1),
      u64(2 ** 40),
      u16(2),
      str16("out"),
      str16("a/c"),
      u64(9),
    );
    expect(Buffer.compare(Buffer.concat(run.chunks), expected)).toBe(0);
    expect(run.chunks.filter((chunk) => chunk === big)).toHaveLength(2);
  });

  it("has small frames for the rest", () => {
    expect(encodeHello()).toEqual(frame(u8(1), u16(1)));
    expect(encodeCancel(4_000_000_000)).toEqual(frame(u8(3), u32(4_000_000_000)));
    expect(encodeForget("all")).toEqual(frame(u8(4), Buffer.alloc(16)));
    expect(encodeForget(artifact)).toEqual(frame(u8(4), Buffer.from(artifact, "hex")));
  });

  it.each(["", "/etc/passwd", "..", "a/../b", "./a", "a//b", "a/", "a\0b", "\ud800", "x".repeat(256)])(
    "refuses %j as a path to write or to collect",
    (path) => {
      const files = [{ path, mode: 0o644, content: new Uint8Array() }];
      expect(codeOf(() => encodeRun(1, { ...spec, files }))).toBe("bad_path");
      expect(codeOf(() => encodeRun(1, { ...spec, collect: { paths: [path], maxBytes: 1 } }))).toBe(
        "bad_path",
      );
    },
  );

  it("refuses a path that Linux can't hold", () => {
    const path = "d/".repeat(2047) + "long";
    expect(
      codeOf(() => encodeRun(1, { ...spec, files: [{ path, mode: 0, content: new Uint8Array() }] })),
    ).toBe("bad_path");
  });

  it.each<[string, Partial<RunSpec>, string]>([
    ["an image that is no digest", { image: "../../etc" }, "unknown_image"],
    ["an empty program", { argv: [""] }, "out_of_range"],
    ["a NUL in an argument", { argv: ["/bin/echo", "a\0b"] }, "out_of_range"],
    ["half a surrogate in an argument", { argv: ["/bin/echo", "\udc00"] }, "out_of_range"],
    ["65536 arguments", { argv: ["a", ...Array<string>(65_535).fill("b")] }, "out_of_range"],
    ["= in a variable's name", { env: { "A=B": "c" } }, "out_of_range"],
    ["a nameless variable", { env: { "": "c" } }, "out_of_range"],
    ["a NUL in a variable", { env: { A: "\0" } }, "out_of_range"],
    ["a negative limit", { limits: { ...defaultRunLimits, memoryBytes: -1 } }, "out_of_range"],
    ["a limit that is no number", { limits: { ...defaultRunLimits, cpuMs: Number.NaN } }, "out_of_range"],
    ["an infinite limit", { limits: { ...defaultRunLimits, wallMs: Infinity } }, "out_of_range"],
    ["a limit beyond its field", { limits: { ...defaultRunLimits, processes: 2 ** 32 } }, "out_of_range"],
    ["a fraction of a byte", { keep: { maxBytes: 1.5 } }, "out_of_range"],
    [
      "a mode with set-uid",
      { files: [{ path: "a", mode: 0o4755, content: Buffer.alloc(0) }] },
      "out_of_range",
    ],
    ["more than a frame", { stdin: new Uint8Array(128 * 1024 * 1024) }, "too_large"],
  ])("refuses %s", (_what, change, code) => {
    expect(codeOf(() => encodeRun(1, { ...spec, ...change }))).toBe(code);
  });

  it.each(["", "0".repeat(32), "0".repeat(31), "A".repeat(32), "g".repeat(32)])(
    "refuses artifact %j",
    (text) => {
      expect(codeOf(() => parseArtifactId(text))).toBe("unknown_artifact");
    },
  );
});

interface OutcomeBytes {
  status?: number;
  exitCode?: number;
  signal?: number;
  stdoutTotal?: number;
  artifact?: string;
  artifactBytes?: number;
  collectedState?: number;
  tail?: Buffer;
}

const outcome = (change: OutcomeBytes = {}): Buffer =>
  Buffer.concat([
    u8(130),
    u32(9),
    u8(change.status ?? 0),
    i32(change.exitCode ?? 0),
    i32(change.signal ?? 0),
    u64(1_500_000),
    u64(250_000),
    u64(9_000_000_000),
    u64(800_000),
    u64(4_400_000_000),
    u32(3),
    u32(1),
    u32(2),
    u64(11),
    u64(12),
    u64(change.stdoutTotal ?? 5),
    u64(3),
    u64(77),
    u32(1 | 2 | 64 | 1024),
    u16(1),
    str16("socket"),
    u32(4),
    str16(""),
    Buffer.from(change.artifact ?? "0".repeat(32), "hex"),
    u64(change.artifactBytes ?? 0),
    u32(2),
    u32(1),
    bytes(Buffer.from("hello")),
    bytes(Buffer.from("err")),
    u16(1),
    str16("out"),
    u8(change.collectedState ?? 0),
    bytes(Buffer.from("collected")),
    change.tail ?? Buffer.alloc(0),
  ]);

const reportOf = (payload: Buffer, keep: RunSpec["keep"] = null) => {
  const message = decodeMessage(payload);
  if (message.type !== "outcome") throw new Error(`a message of type ${message.type}`);
  expect(message.runId).toBe(9);
  return message.readReport({ ...spec, keep });
};

describe("what a slot sends", () => {
  it("is read as the protocol says", () => {
    const report = reportOf(outcome());
    expect(report.outcome).toEqual({
      status: "exited",
      exitCode: 0,
      signal: null,
      cpuMs: 1.75,
      cpuUserMs: 1.5,
      cpuSystemMs: 0.25,
      wallMs: 9000,
      setupMs: 0.8,
      memoryBytes: 4_400_000_000,
      processesPeak: 3,
      oomKills: 1,
      processLimitHits: 2,
      voluntarySwitches: 11,
      involuntarySwitches: 12,
      stdoutBytes: 5,
      stderrBytes: 3,
      stdoutTruncated: false,
      stderrTruncated: false,
      fileBytes: 77,
      isolation: ["namespaces", "network-namespace", "seccomp", "cgroup-v2"],
      refusedSyscalls: [{ name: "socket", count: 4 }],
      message: null,
    });
    expect(Buffer.from(report.stdout).toString()).toBe("hello");
    expect(Buffer.from(report.stderr).toString()).toBe("err");
    expect(report.collected.map(({ path, state, content }) => [path, state, String(content)])).toEqual([
      ["out", "ok", "collected"],
    ]);
    expect(report.artifact).toBeNull();
    expect(report.keepRefused).toBeNull();
  });

  it("names signals, and flags output that was cut", () => {
    const report = reportOf(outcome({ status: 1, exitCode: -1, signal: 11, stdoutTotal: 6 }));
    expect(report.outcome).toMatchObject({ status: "signalled", exitCode: null, signal: "SIGSEGV" });
    expect(report.outcome).toMatchObject({ stdoutTruncated: true, stderrTruncated: false });
    expect(reportOf(outcome({ signal: 6 })).outcome.signal).toBe("SIGABRT");
    expect(reportOf(outcome({ signal: 34 })).outcome.signal).toBe("SIG34");
  });

  it("tells a kept artifact from one that was too large", () => {
    const keep = { maxBytes: 100 };
    expect(reportOf(outcome({ artifact, artifactBytes: 60 }), keep)).toMatchObject({
      artifact: { id: artifact, bytes: 60, entries: 2, skipped: 1 },
      keepRefused: null,
    });
    expect(reportOf(outcome({ artifactBytes: 101 }), keep)).toMatchObject({
      artifact: null,
      keepRefused: "the work directory holds 101 bytes, at most 100 are kept",
    });
    expect(reportOf(outcome({ exitCode: 1 }), keep).keepRefused).toBeNull();
  });

  it("blames the platform for a small artifact that was not kept", () => {
    const report = reportOf(outcome({ artifactBytes: 0 }), { maxBytes: 100 });
    expect(report).toMatchObject({
      outcome: { status: "platform", exitCode: null, message: "sandboxd could not keep the work directory" },
      artifact: null,
      keepRefused: null,
    });
    expect(reportOf(outcome({ exitCode: 1 }), { maxBytes: 100 }).outcome.status).toBe("exited");
    expect(reportOf(outcome({}), null).outcome.status).toBe("exited");
  });

  it.each([
    [1, "protocol"],
    [2, "too_large"],
    [3, "unknown_image"],
    [4, "unknown_artifact"],
    [5, "bad_path"],
    [6, "out_of_range"],
    [7, "protocol"],
    [8, "protocol"],
    [9, "unavailable"],
    [99, "protocol"],
  ])("maps its error %i", (number, code) => {
    const message = decodeMessage(Buffer.concat([u8(132), u32(3), u16(number), str16("why")]));
    expect(message).toMatchObject({ type: "error", runId: 3, error: { code, message: "why" } });
  });

  it("is refused at every length but its own", () => {
    const whole = outcome();
    for (let length = 0; length < whole.length; length += 1) {
      expect(codeOf(() => reportOf(whole.subarray(0, length)))).toBe("protocol");
    }
    expect(codeOf(() => reportOf(outcome({ tail: u8(0) })))).toBe("protocol");
  });

  it("is read or refused, whatever bytes are changed", () => {
    const whole = outcome({ artifact, artifactBytes: 60 });
    const seen = new Set<unknown>();
    for (let at = 1; at < whole.length; at += 1) {
      for (const change of [1, 0x7f, 0x80, 0xff]) {
        const bytes = Buffer.from(whole);
        bytes[at] = (bytes[at] ?? 0) ^ change;
        seen.add(
          codeOf(() => {
            const message = decodeMessage(bytes);
            if (message.type === "outcome") message.readReport(spec);
          }),
        );
      }
    }
    expect(seen).toEqual(new Set(["no error", "protocol"]));
  });

  it.each([
    ["a status", outcome({ status: 10 })],
    ["a collected state", outcome({ collectedState: 4 })],
    ["a number beyond 2^53", outcome({ stdoutTotal: 2 ** 60 })],
  ])("is refused with %s that does not exist", (_what, payload) => {
    expect(codeOf(() => reportOf(payload))).toBe("protocol");
  });

  it.each([
    ["no type", Buffer.alloc(0)],
    ["an unknown type", u8(200)],
    ["a request of our own", u8(2)],
    ["another version", Buffer.concat([u8(129), u16(2)])],
    ["a hello that ends early", Buffer.concat([u8(129), u16(1), u16(0)])],
    ["an error with a tail", Buffer.concat([u8(132), u32(0), u16(1), str16("x"), u8(0)])],
    ["a lying string length", Buffer.concat([u8(132), u32(0), u16(1), u16(65_535), u8(0)])],
  ])("is refused with %s", (_what, payload) => {
    expect(codeOf(() => decodeMessage(payload))).toBe("protocol");
  });
});
