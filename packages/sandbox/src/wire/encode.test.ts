import { defaultRunLimits } from "@assay/contracts";
import { describe, expect, it } from "vitest";
import { parseArtifactId } from "../artifact-id.ts";
import { encodeAlone, plainSpec } from "../testing/spec.ts";
import { bytes, codeOf, frame, str16, str32, u16, u32, u64, u8 } from "../testing/bytes.ts";
import {
  encodeCancel,
  encodeForget,
  encodeGo,
  encodeHello,
  encodeInput,
  encodeResize,
  encodeRun,
  encodeSignal,
  encodeTaken,
  setCpu,
} from "./encode.ts";

const artifact = parseArtifactId("000102030405060708090a0b0c0d0e0f");
const pipe = Buffer.from("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff", "hex");

describe("what a client sends", () => {
  it("is laid out as the protocol says", () => {
    const big = Buffer.alloc(10_000, 7);
    const run = encodeRun(
      5,
      {
        image: plainSpec.image,
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
          idleMs: 8,
          addressSpaceBytes: 2 ** 40,
          dataBytes: 10,
        },
        fds: [
          { kind: "content", content: big },
          { kind: "capture", maxBytes: 11, onLimit: "stop" },
          { kind: "same", fd: 1 },
          { kind: "null" },
          { kind: "input" },
          { kind: "output", maxBytes: 12, onLimit: "discard" },
          { kind: "terminal", rows: 24, columns: 80, maxBytes: null, onLimit: "stop" },
          { kind: "pipe-read", pipe: 3 },
          { kind: "pipe-write", pipe: 3, recordBytes: 13 },
        ],
        base: artifact,
        files: [
          { path: "a/b", mode: 0o755, content: Buffer.from("x") },
          { path: "big", mode: 0, content: big },
          { path: "link", target: "../é" },
          { path: "after", mode: 1, content: new Uint8Array() },
        ],
        keep: { maxBytes: 2 ** 40 },
        collect: { paths: ["out", "a/c"], maxBytes: 9, maxBytesEach: 4, truncate: true },
        cpus: [0, 9],
        cpuRate: 1500,
        stopAtProcessLimit: true,
      },
      { cpuMaskBytes: 4, pipes: new Map([[3, pipe]]) },
    );
    const expected = frame(
      u8(2),
      u32(5),
      str16(plainSpec.image),
      u16(3),
      str32("python3"),
      str32("main.py"),
      str32("é"),
      u16(2),
      str32("PATH=/bin"),
      str32("EMPTY="),
      u64(1_500_000_000),
      u64(3_600_000_000_000),
      u64(8_000_000),
      u64(64 * 1024 ** 3),
      u32(3),
      u32(1500),
      u64(2 * 1024 * 1024),
      u32(2048),
      u64(5),
      u64(4),
      u32(6),
      u64(2 ** 40),
      u64(10),
      u8(1),
      u16(2),
      Buffer.from([1, 2]),
      u8(1),
      u8(9),
      Buffer.concat([u8(1), bytes(big)]),
      Buffer.concat([u8(2), u64(11), u8(1)]),
      Buffer.concat([u8(8), u8(1)]),
      u8(0),
      u8(3),
      Buffer.concat([u8(4), u64(12), u8(0)]),
      Buffer.concat([u8(5), u64(Number.MAX_SAFE_INTEGER), u8(1), u16(24), u16(80)]),
      Buffer.concat([u8(6), pipe]),
      Buffer.concat([u8(7), pipe, u64(13)]),
      Buffer.from("000102030405060708090a0b0c0d0e0f", "hex"),
      u16(4),
      str16("a/b"),
      u32(0o755),
      bytes("x"),
      str16("big"),
      u32(0),
      bytes(big),
      str16("link"),
      u32(0o120_000),
      bytes("../é"),
      str16("after"),
      u32(1),
      bytes(""),
      u8(1),
      u64(2 ** 40),
      u16(2),
      str16("out"),
      str16("a/c"),
      u64(9),
      u64(4),
      u8(1),
    );
    expect(Buffer.compare(Buffer.concat(run.chunks), expected)).toBe(0);
    expect(run.chunks.filter((chunk) => chunk === big)).toHaveLength(2);
    expect(run.cpuMask).toHaveLength(0);
  });

  it("says zero or nothing for what is not asked for", () => {
    const { limits } = plainSpec;
    const expected = frame(
      u8(2),
      u32(1),
      str16(plainSpec.image),
      u16(1),
      str32("/bin/true"),
      u16(0),
      u64(limits.cpuMs * 1e6),
      u64(limits.wallMs * 1e6),
      u64(0),
      u64(limits.memoryBytes),
      u32(limits.processes),
      u32(0),
      u64(limits.diskBytes),
      u32(65_536),
      u64(limits.stackBytes),
      u64(limits.fileBytes),
      u32(limits.openFiles),
      // address space, data, stop at process limit, cpus, hold, fds; base; files; keep, its cap; collect
      Buffer.alloc(8 + 8 + 1 + 2 + 1 + 1 + 16 + 2 + 1 + 8 + 2 + 8 + 8 + 1),
    );
    expect(Buffer.compare(Buffer.concat(encodeAlone(1, plainSpec).chunks), expected)).toBe(0);
  });

  it("has room for a processor that is chosen later", () => {
    const run = encodeRun(1, plainSpec, { cpuMaskBytes: 2, pipes: null });
    setCpu(run.cpuMask, 8);
    setCpu(run.cpuMask, 3);
    const chosen = encodeAlone(1, { ...plainSpec, cpus: [3, 8] });
    expect(Buffer.concat(run.chunks).equals(Buffer.concat(chosen.chunks))).toBe(true);
  });

  it("caps each collected file at the cap of all, unless it is told otherwise", () => {
    const collect = { paths: [], maxBytes: 300, truncate: false };
    const all = encodeAlone(1, { ...plainSpec, collect: { ...collect, maxBytesEach: null } });
    const each = encodeAlone(1, { ...plainSpec, collect: { ...collect, maxBytesEach: 300 } });
    expect(Buffer.concat(all.chunks).equals(Buffer.concat(each.chunks))).toBe(true);
  });

  it("has small frames for the rest", () => {
    expect(encodeHello()).toEqual(frame(u8(1), u16(3)));
    expect(encodeCancel(4_000_000_000)).toEqual(frame(u8(3), u32(4_000_000_000)));
    expect(encodeForget("all")).toEqual(frame(u8(4), Buffer.alloc(16)));
    expect(encodeForget(artifact)).toEqual(frame(u8(4), Buffer.from(artifact, "hex")));
    expect(encodeInput(7, 3, Buffer.from("ab"))).toEqual(frame(u8(5), u32(7), u8(3), Buffer.from("ab")));
    expect(encodeInput(7, 3, new Uint8Array())).toEqual(frame(u8(5), u32(7), u8(3)));
    expect(encodeResize(7, 2, { rows: 50, columns: 300, x: 4, y: 65_535 })).toEqual(
      frame(u8(6), u32(7), u8(2), u16(50), u16(300), u16(4), u16(65_535)),
    );
    expect(encodeSignal(7, "SIGINT")).toEqual(frame(u8(7), u32(7), u8(2)));
    expect(encodeTaken(7, 15, 262_144)).toEqual(frame(u8(8), u32(7), u8(15), u32(262_144)));
    expect(encodeGo(7)).toEqual(frame(u8(9), u32(7)));
  });

  it("is refused for a signal that is none", () => {
    expect(codeOf(() => encodeSignal(1, "SIGNONE" as NodeJS.Signals))).toBe("out_of_range");
  });

  it.each<[string, Parameters<typeof encodeAlone>[1], string]>([
    ["65536 arguments", { ...plainSpec, argv: ["a", ...Array<string>(65_535).fill("b")] }, "out_of_range"],
    ["a negative limit", { ...plainSpec, limits: { ...defaultRunLimits, memoryBytes: -1 } }, "out_of_range"],
    [
      "a limit that is no number",
      { ...plainSpec, limits: { ...defaultRunLimits, cpuMs: NaN } },
      "out_of_range",
    ],
    [
      "an infinite limit",
      { ...plainSpec, limits: { ...defaultRunLimits, wallMs: Infinity } },
      "out_of_range",
    ],
    [
      "a limit beyond its field",
      { ...plainSpec, limits: { ...defaultRunLimits, processes: 2 ** 32 } },
      "out_of_range",
    ],
    ["a fraction of a byte", { ...plainSpec, keep: { maxBytes: 1.5 } }, "out_of_range"],
    ["a pipe that has no name", { ...plainSpec, fds: [{ kind: "pipe-read", pipe: 1 }] }, "out_of_range"],
    [
      "more than a frame",
      { ...plainSpec, fds: [{ kind: "content", content: new Uint8Array(128 * 1024 * 1024) }] },
      "too_large",
    ],
  ])("refuses %s", (_what, spec, code) => {
    expect(codeOf(() => encodeAlone(1, spec))).toBe(code);
  });
});
