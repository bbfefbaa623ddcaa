import { defaultRunLimits } from "@assay/contracts";
import type { Outcome } from "@assay/contracts";
import { describe, expect, it } from "vitest";
import { parseArtifactId } from "../artifact-id.ts";
import { captured, standardStreams } from "../fd.ts";
import { plainSpec } from "../testing/spec.ts";
import type { RunSpec } from "../spec.ts";
import { bytes, codeOf, outcome, str16, u16, u32, u8 } from "../testing/bytes.ts";
import type { OutcomeBytes } from "../testing/bytes.ts";
import { decodeMessage } from "./decode.ts";

const artifact = parseArtifactId("000102030405060708090a0b0c0d0e0f");

const spec: RunSpec = {
  ...plainSpec,
  fds: standardStreams({
    stdin: Buffer.from("input"),
    outputBytes: defaultRunLimits.outputBytes,
    onOutputLimit: "discard",
  }),
};

const fds = [
  { total: 0, content: "" },
  { total: 5, content: "hello" },
  { total: 3, content: "err" },
];
const answer = (change: OutcomeBytes = {}): Buffer => outcome({ fds, ...change });

const reportOf = (payload: Buffer, keep: RunSpec["keep"] = null, asked = spec.fds) => {
  const message = decodeMessage(payload);
  if (message.type !== "outcome") throw new Error(`a message of type ${message.type}`);
  expect(message.runId).toBe(9);
  return message.readReport({ ...spec, keep, fds: asked });
};

const outcomeWith = (change: OutcomeBytes): Outcome => reportOf(answer(change)).outcome;

describe("what a slot sends", () => {
  it("is read as the protocol says", () => {
    const report = reportOf(answer());
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
      memoryCause: null,
      processesPeak: 3,
      oomKills: 1,
      processLimitHits: 2,
      voluntarySwitches: 11,
      involuntarySwitches: 12,
      interference: { cpuWaitMs: 4.5, cpuWaitOf: "box", stealMs: 2, runnable: 6 },
      stdoutBytes: 5,
      stderrBytes: 3,
      stdoutTruncated: false,
      stderrTruncated: false,
      fileBytes: 77,
      isolation: ["namespaces", "network-namespace", "seccomp", "cgroup-v2", "watched"],
      driver: "native",
      refusedSyscalls: [{ name: "socket", count: 4 }],
      message: null,
    });
    expect(String(captured(report, 1))).toBe("hello");
    expect(String(captured(report, 2))).toBe("err");
    expect(captured(report, 3)).toHaveLength(0);
    expect(report.collected.map(({ path, state, content }) => [path, state, String(content)])).toEqual([
      ["out", "ok", "collected"],
    ]);
    expect(report.artifact).toBeNull();
    expect(report.keepRefused).toBeNull();
    expect(report).toMatchObject({ endedAtMs: 123_456, passedEndAtMs: null });
  });

  it("names signals, and flags output that was cut", () => {
    const report = reportOf(
      answer({
        status: 1,
        exitCode: -1,
        signal: 11,
        fds: fds.map(({ total, content }) => ({ total: total + (total === 5 ? 1 : 0), content })),
      }),
    );
    expect(report.outcome).toMatchObject({ status: "signalled", exitCode: null, signal: "SIGSEGV" });
    expect(report.outcome).toMatchObject({ stdoutTruncated: true, stderrTruncated: false });
    expect(reportOf(answer({ signal: 6 })).outcome.signal).toBe("SIGABRT");
    expect(reportOf(answer({ signal: 34 })).outcome.signal).toBe("SIG34");
  });

  it("says of each descriptor what was asked of it", () => {
    const report = reportOf(
      answer({
        fds: [
          { total: 4, content: "" },
          { total: 900, content: "" },
          { total: 0, content: "" },
          { total: 8, content: "recorded" },
        ],
      }),
      null,
      [
        { kind: "input" },
        { kind: "output", maxBytes: 800, onLimit: "stop" },
        { kind: "same", fd: 1 },
        { kind: "pipe-write", pipe: 1, recordBytes: 8 },
      ],
    );
    expect(report.fds.map(({ total, content }) => [total, String(content)])).toEqual([
      [4, ""],
      [900, ""],
      [900, ""],
      [8, "recorded"],
    ]);
    expect(report.outcome).toMatchObject({
      stdoutBytes: 900,
      stdoutTruncated: true,
      stderrBytes: 900,
      stderrTruncated: true,
    });
  });

  it("names every status, and what a memory limit and a wait are known by", () => {
    expect(Array.from({ length: 13 }, (_, status) => outcomeWith({ status }).status)).toEqual([
      "exited",
      "signalled",
      "cpu_limit",
      "wall_limit",
      "idle_limit",
      "memory_limit",
      "output_limit",
      "process_limit",
      "file_limit",
      "refused_syscall",
      "start_failed",
      "cancelled",
      "platform",
    ]);
    const causes = [0, 1, 2].map((memoryCause) => outcomeWith({ memoryCause }).memoryCause);
    expect(causes).toEqual([null, "oom", "peak"]);
    const waits = [0, 1, 2].map((cpuWaitOf) => outcomeWith({ cpuWaitOf }).interference.cpuWaitOf);
    expect(waits).toEqual([null, "box", "machine"]);
  });

  it("says what happens to a stream", () => {
    expect(decodeMessage(Buffer.concat([u8(133), u32(3), u8(1), Buffer.from("out")]))).toEqual({
      type: "output",
      runId: 3,
      fd: 1,
      bytes: Buffer.from("out"),
    });
    expect(decodeMessage(Buffer.concat([u8(134), u32(3), u8(0), u32(70_000)]))).toEqual({
      type: "taken",
      runId: 3,
      fd: 0,
      count: 70_000,
    });
    expect(decodeMessage(Buffer.concat([u8(135), u32(3)]))).toEqual({ type: "held", runId: 3 });
  });

  it("tells a kept artifact from one that was too large", () => {
    const keep = { maxBytes: 100 };
    expect(reportOf(answer({ artifact, artifactBytes: 60 }), keep)).toMatchObject({
      artifact: { id: artifact, bytes: 60, entries: 2, skipped: 1 },
      keepRefused: null,
    });
    expect(reportOf(answer({ artifactBytes: 101 }), keep)).toMatchObject({
      artifact: null,
      keepRefused: "the work directory holds 101 bytes, at most 100 are kept",
    });
    expect(reportOf(answer({ exitCode: 1 }), keep).keepRefused).toBeNull();
  });

  it("blames the platform for a small artifact that was not kept", () => {
    const report = reportOf(answer({ artifactBytes: 0 }), { maxBytes: 100 });
    expect(report).toMatchObject({
      outcome: { status: "platform", exitCode: null, message: "sandboxd could not keep the work directory" },
      artifact: null,
      keepRefused: null,
    });
    expect(reportOf(answer({ exitCode: 1 }), { maxBytes: 100 }).outcome.status).toBe("exited");
    expect(reportOf(answer({}), null).outcome.status).toBe("exited");
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
    const whole = answer();
    for (let length = 0; length < whole.length; length += 1) {
      expect(codeOf(() => reportOf(whole.subarray(0, length)))).toBe("protocol");
    }
    expect(codeOf(() => reportOf(answer({ tail: u8(0) })))).toBe("protocol");
  });

  it("is read or refused, whatever bytes are changed", () => {
    const whole = answer({ artifact, artifactBytes: 60 });
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

  it("is read or refused, whatever it consists of", () => {
    // A fixed sequence, so that what fails fails again: xorshift32.
    let state = 0x9e37_79b9;
    const next = (below: number): number => {
      for (const shift of [13, -17, 5]) state ^= shift > 0 ? state << shift : state >>> -shift;
      return (state >>> 0) % below;
    };
    const parts = [u32(9), u32(0), u16(0), u8(0), u32(0xffff_ffff), bytes("x"), str16("y"), answer()];
    const seen = new Set<unknown>();
    for (let round = 0; round < 20_000; round += 1) {
      const body = Array.from({ length: next(6) }, () => parts[next(parts.length)] ?? u8(next(256)));
      const message = Buffer.concat([u8(next(2) === 0 ? 128 + next(9) : next(256)), ...body]);
      const code = codeOf(() => {
        const decoded = decodeMessage(message);
        if (decoded.type === "outcome") decoded.readReport(spec);
      });
      seen.add(code);
    }
    expect(seen).toEqual(new Set(["no error", "protocol"]));
  });

  it.each([
    ["a status", answer({ status: 13 })],
    ["a collected state", answer({ collectedState: 5 })],
    ["a cause", answer({ memoryCause: 3 })],
    ["an owner of the waiting", answer({ cpuWaitOf: 3 })],
    ["a number beyond 2^53", answer({ artifactBytes: 2 ** 60 })],
    ["a number of descriptors", answer({ fds: fds.slice(1) })],
  ])("is refused with %s that does not exist", (_what, payload) => {
    expect(codeOf(() => reportOf(payload))).toBe("protocol");
  });

  it.each([
    ["no type", Buffer.alloc(0)],
    ["an unknown type", u8(200)],
    ["a request of our own", u8(2)],
    ["another version", Buffer.concat([u8(129), u16(1)])],
    ["a hello that ends early", Buffer.concat([u8(129), u16(3), u16(0)])],
    ["an error with a tail", Buffer.concat([u8(132), u32(0), u16(1), str16("x"), u8(0)])],
    ["output of no descriptor", Buffer.concat([u8(133), u32(0)])],
    ["half a count", Buffer.concat([u8(134), u32(0), u8(0), u16(1)])],
    ["a hold with a tail", Buffer.concat([u8(135), u32(0), u8(0)])],
    ["a lying string length", Buffer.concat([u8(132), u32(0), u16(1), u16(65_535), u8(0)])],
  ])("is refused with %s", (_what, payload) => {
    expect(codeOf(() => decodeMessage(payload))).toBe("protocol");
  });
});
