import { constants } from "node:os";
import type { IsolationFeature, Limits, Outcome, OutcomeStatus } from "@assay/contracts";
import { ByteReader, ByteWriter } from "./bytes.ts";
import { SandboxError } from "./error.ts";
import type { SandboxErrorCode } from "./error.ts";
import { checkBoxPath } from "./path.ts";
import type { Artifact, ArtifactId, CollectedFile, CollectedState, RunReport, RunSpec } from "./spec.ts";

// The TypeScript side of native/PROTOCOL.md. Everything that knows the wire is in this file.

const PROTOCOL_VERSION = 1;

const MAX_REQUEST_BYTES = 128 * 1024 * 1024;
/** With both outputs at their largest, the answer still fits one frame. */
const MAX_COLLECT_BYTES = 256 * 1024 * 1024;

const ARTIFACT_BYTES = 16;
const NANOSECONDS_PER_MS = 1_000_000;
const LENGTH_BYTES = 4;

/** Enough inodes for any tree of small files; the kernel's memory for them counts in the box's cgroup. */
const BYTES_PER_INODE = 1024;
const MIN_INODES = 1024;
const MAX_INODES = 262_144;

const toSlot = { hello: 1, run: 2, cancel: 3, forget: 4 } as const;
const fromSlot = { hello: 129, outcome: 130, forgotten: 131, error: 132 } as const;

const statuses: readonly OutcomeStatus[] = [
  "exited",
  "signalled",
  "cpu_limit",
  "wall_limit",
  "memory_limit",
  "output_limit",
  "refused_syscall",
  "start_failed",
  "cancelled",
  "platform",
];

const collectedStates: readonly CollectedState[] = ["ok", "missing", "not_regular", "too_large"];

const isolationBits: readonly (readonly [number, IsolationFeature])[] = [
  [1, "namespaces"],
  [2, "network-namespace"],
  [4, "memory"],
  [8, "swap"],
  [16, "processes"],
  [32, "cpu"],
  [64, "seccomp"],
  [128, "no-capabilities"],
  [256, "cgroup-namespace"],
  [512, "uid-per-slot"],
  [1024, "cgroup-v2"],
];

const errorCodes: Readonly<Record<number, SandboxErrorCode>> = {
  1: "protocol",
  2: "too_large",
  3: "unknown_image",
  4: "unknown_artifact",
  5: "bad_path",
  6: "out_of_range",
  7: "protocol",
  8: "protocol",
  9: "unavailable",
};

/** Two names of one signal: the first is the common one. */
const signalNames = new Map<number, string>();
for (const [name, number] of Object.entries(constants.signals)) {
  if (!signalNames.has(number)) signalNames.set(number, name);
}

/** What a slot says of itself when a client connects. */
export interface SlotHello {
  slot: number;
  slots: number;
  isolation: readonly IsolationFeature[];
  /** The uid of this slot's boxes. */
  uid: number;
  /** Names this start of sandboxd; artifacts belong to it. */
  instance: string;
  kernel: string;
}

export interface EncodedRun {
  runId: number;
  spec: RunSpec;
  chunks: readonly Uint8Array[];
}

export type SlotMessage =
  | { type: "hello"; hello: SlotHello }
  | { type: "outcome"; runId: number; readReport: (spec: RunSpec) => RunReport }
  | { type: "forgotten"; count: number }
  | { type: "error"; runId: number; error: SandboxError };

export function encodeHello(): Buffer {
  const frame = fixedFrame(toSlot.hello, 2);
  frame.writeUInt16LE(PROTOCOL_VERSION, LENGTH_BYTES + 1);
  return frame;
}

export function encodeCancel(runId: number): Buffer {
  const frame = fixedFrame(toSlot.cancel, 4);
  frame.writeUInt32LE(runId, LENGTH_BYTES + 1);
  return frame;
}

export function encodeForget(id: ArtifactId | "all"): Buffer {
  const frame = fixedFrame(toSlot.forget, ARTIFACT_BYTES);
  frame.set(id === "all" ? noArtifact : artifactToBytes(id), LENGTH_BYTES + 1);
  return frame;
}

/**
 * A run as chunks for one writev. Throws a SandboxError for everything that can be refused without
 * asking sandboxd, so that a bad spec never waits for a slot.
 */
export function encodeRun(runId: number, spec: RunSpec): EncodedRun {
  checkSpec(spec);
  const body = new ByteWriter();
  body.u32(0);
  body.u8(toSlot.run);
  body.u32(runId);
  body.str16(spec.image);
  body.u16(spec.argv.length);
  for (const argument of spec.argv) body.str32(argument);
  const env = Object.entries(spec.env);
  body.u16(env.length);
  for (const [key, value] of env) body.str32(`${key}=${value}`);
  writeLimits(body, spec.limits);
  body.u8(spec.onOutputLimit === "stop" ? 1 : 0);
  body.bytes(spec.stdin);
  body.raw(spec.base === null ? noArtifact : artifactToBytes(spec.base));
  body.u16(spec.files.length);
  for (const file of spec.files) {
    body.str16(file.path);
    body.u32(file.mode);
    body.bytes(file.content);
  }
  body.u8(spec.keep === null ? 0 : 1);
  body.u64(spec.keep?.maxBytes ?? 0);
  const paths = spec.collect?.paths ?? [];
  body.u16(paths.length);
  for (const path of paths) body.str16(path);
  body.u64(spec.collect?.maxBytes ?? 0);

  const bytes = body.size - LENGTH_BYTES;
  if (bytes > MAX_REQUEST_BYTES) {
    throw new SandboxError(
      "too_large",
      `this run carries ${bytes} bytes of input and files, at most ${MAX_REQUEST_BYTES} are possible`,
    );
  }
  const chunks = body.finish();
  const [first] = chunks;
  if (first !== undefined) Buffer.from(first.buffer, first.byteOffset).writeUInt32LE(bytes);
  return { runId, spec, chunks };
}

/** Reads the payload of one frame. Throws a protocol error on anything that is not a message of version 1. */
export function decodeMessage(payload: Buffer): SlotMessage {
  const reader = new ByteReader(payload);
  const type = reader.u8();
  switch (type) {
    case fromSlot.hello:
      return { type: "hello", hello: readHello(reader) };
    case fromSlot.outcome: {
      const runId = reader.u32();
      return { type: "outcome", runId, readReport: (spec) => readReport(reader, spec) };
    }
    case fromSlot.forgotten: {
      const count = reader.u32();
      reader.end();
      return { type: "forgotten", count };
    }
    case fromSlot.error: {
      const runId = reader.u32();
      const code = errorCodes[reader.u16()] ?? "protocol";
      const message = reader.str16();
      reader.end();
      return { type: "error", runId, error: new SandboxError(code, message) };
    }
    default:
      throw new SandboxError("protocol", `sandboxd sent a message of unknown type ${type}`);
  }
}

/** Throws `unknown_artifact` unless the text has the form of an artifact's name. */
export function parseArtifactId(text: string): ArtifactId {
  if (!isArtifactId(text)) {
    throw new SandboxError("unknown_artifact", `${JSON.stringify(text)} names no artifact`);
  }
  return text;
}

function isArtifactId(text: string): text is ArtifactId {
  return /^[0-9a-f]{32}$/.test(text) && text !== "0".repeat(32);
}

const noArtifact = Buffer.alloc(ARTIFACT_BYTES);

function artifactToBytes(id: ArtifactId): Buffer {
  return Buffer.from(parseArtifactId(id), "hex");
}

function fixedFrame(type: number, payloadBytes: number): Buffer {
  const frame = Buffer.alloc(LENGTH_BYTES + 1 + payloadBytes);
  frame.writeUInt32LE(1 + payloadBytes, 0);
  frame.writeUInt8(type, LENGTH_BYTES);
  return frame;
}

function checkSpec(spec: RunSpec): void {
  if (!/^[0-9a-f]{64}$/.test(spec.image)) {
    throw new SandboxError("unknown_image", `${JSON.stringify(spec.image)} is not the digest of an image`);
  }
  if (spec.argv.length === 0 || spec.argv[0] === "") {
    throw new SandboxError("out_of_range", "argv needs the program's name");
  }
  for (const argument of spec.argv) checkText("an argument", argument);
  for (const [key, value] of Object.entries(spec.env)) {
    if (key === "" || key.includes("=")) {
      throw new SandboxError("out_of_range", `${JSON.stringify(key)} can't name an environment variable`);
    }
    checkText("an environment variable", key);
    checkText("an environment variable", value);
  }
  for (const file of spec.files) {
    checkBoxPath(file.path);
    if (!Number.isInteger(file.mode) || file.mode < 0 || file.mode > 0o777) {
      throw new SandboxError("out_of_range", `${file.path}: the mode must be from 0 to 0o777`);
    }
  }
  for (const path of spec.collect?.paths ?? []) checkBoxPath(path);
  if ((spec.collect?.maxBytes ?? 0) > MAX_COLLECT_BYTES) {
    throw new SandboxError("out_of_range", `at most ${MAX_COLLECT_BYTES} bytes can be collected`);
  }
}

function checkText(what: string, text: string): void {
  if (text.includes("\0")) throw new SandboxError("out_of_range", `${what} can't hold a NUL`);
  if (!text.isWellFormed()) throw new SandboxError("out_of_range", `${what} must be valid Unicode`);
}

function writeLimits(body: ByteWriter, limits: Limits): void {
  body.u64(limits.cpuMs * NANOSECONDS_PER_MS);
  body.u64(limits.wallMs * NANOSECONDS_PER_MS);
  body.u64(limits.memoryBytes);
  body.u32(limits.processes);
  body.u32(0);
  body.u64(limits.diskBytes);
  body.u32(inodesFor(limits.diskBytes));
  body.u64(limits.stackBytes);
  body.u64(limits.fileBytes);
  body.u32(limits.openFiles);
  body.u64(limits.outputBytes);
  body.u64(limits.outputBytes);
}

function inodesFor(diskBytes: number): number {
  return Math.min(MAX_INODES, Math.max(MIN_INODES, Math.ceil(diskBytes / BYTES_PER_INODE)));
}

function readHello(reader: ByteReader): SlotHello {
  const version = reader.u16();
  if (version !== PROTOCOL_VERSION) {
    throw new SandboxError(
      "protocol",
      `sandboxd speaks version ${version} of the wire, this program ${PROTOCOL_VERSION}; install both from one release`,
    );
  }
  const hello = {
    slot: reader.u16(),
    slots: reader.u16(),
    isolation: readIsolation(reader),
    uid: reader.u32(),
    instance: reader.str16(),
    kernel: reader.str16(),
  };
  reader.end();
  return hello;
}

function readIsolation(reader: ByteReader): IsolationFeature[] {
  const mask = reader.u32();
  return isolationBits.filter(([bit]) => (mask & bit) !== 0).map(([, feature]) => feature);
}

function readReport(reader: ByteReader, spec: RunSpec): RunReport {
  const measured = readMeasured(reader);
  const kept = readArtifact(reader);
  const stdout = reader.bytes();
  const stderr = reader.bytes();
  const collected = readCollected(reader);
  reader.end();
  const outcome: Outcome = {
    ...measured,
    ...keepFailure(measured, kept, spec.keep),
    stdoutTruncated: measured.stdoutBytes > stdout.length,
    stderrTruncated: measured.stderrBytes > stderr.length,
  };
  return {
    outcome,
    stdout,
    stderr,
    artifact: kept.artifact,
    keepRefused: reasonNotKept(outcome, kept, spec.keep),
    collected,
  };
}

function readMeasured(reader: ByteReader): Omit<Outcome, "stdoutTruncated" | "stderrTruncated"> {
  const status = nameOf(statuses, reader.u8(), "status");
  const exitCode = reader.i32();
  const signal = reader.i32();
  const cpuUserMs = reader.u64() / NANOSECONDS_PER_MS;
  const cpuSystemMs = reader.u64() / NANOSECONDS_PER_MS;
  return {
    status,
    exitCode: exitCode === -1 ? null : exitCode,
    signal: signal === 0 ? null : (signalNames.get(signal) ?? `SIG${signal}`),
    cpuMs: cpuUserMs + cpuSystemMs,
    cpuUserMs,
    cpuSystemMs,
    wallMs: reader.u64() / NANOSECONDS_PER_MS,
    setupMs: reader.u64() / NANOSECONDS_PER_MS,
    memoryBytes: reader.u64(),
    processesPeak: reader.u32(),
    oomKills: reader.u32(),
    processLimitHits: reader.u32(),
    voluntarySwitches: reader.u64(),
    involuntarySwitches: reader.u64(),
    stdoutBytes: reader.u64(),
    stderrBytes: reader.u64(),
    fileBytes: reader.u64(),
    isolation: readIsolation(reader),
    refusedSyscalls: readRefused(reader),
    message: reader.str16() || null,
  };
}

function readRefused(reader: ByteReader): { name: string; count: number }[] {
  return readList(reader, () => ({ name: reader.str16(), count: reader.u32() }));
}

function readCollected(reader: ByteReader): CollectedFile[] {
  return readList(reader, () => ({
    path: reader.str16(),
    state: nameOf(collectedStates, reader.u8(), "state of a collected file"),
    content: reader.bytes(),
  }));
}

function readList<Item>(reader: ByteReader, readItem: () => Item): Item[] {
  const count = reader.u16();
  const items: Item[] = [];
  for (let index = 0; index < count; index += 1) items.push(readItem());
  return items;
}

interface Kept {
  artifact: Artifact | null;
  bytes: number;
}

function readArtifact(reader: ByteReader): Kept {
  const id = reader.raw(ARTIFACT_BYTES).toString("hex");
  const bytes = reader.u64();
  const entries = reader.u32();
  const skipped = reader.u32();
  return { artifact: isArtifactId(id) ? { id, bytes, entries, skipped } : null, bytes };
}

function isTooLarge({ artifact, bytes }: Kept, keep: RunSpec["keep"]): boolean {
  return keep !== null && artifact === null && bytes > keep.maxBytes;
}

function reasonNotKept(outcome: Outcome, kept: Kept, keep: RunSpec["keep"]): string | null {
  if (outcome.status !== "exited" || !isTooLarge(kept, keep)) return null;
  return `the work directory holds ${kept.bytes} bytes, at most ${keep?.maxBytes} are kept`;
}

/** A work directory that is small enough and still not kept (a full disk) is no doing of the program. */
function keepFailure(
  { status, exitCode }: Pick<Outcome, "status" | "exitCode">,
  kept: Kept,
  keep: RunSpec["keep"],
): Partial<Outcome> {
  if (keep === null || kept.artifact !== null || status !== "exited" || exitCode !== 0) return {};
  if (isTooLarge(kept, keep)) return {};
  return { status: "platform", exitCode: null, message: "sandboxd could not keep the work directory" };
}

function nameOf<Name>(names: readonly Name[], code: number, what: string): Name {
  const name = names[code];
  if (name === undefined) throw new SandboxError("protocol", `sandboxd sent ${code} as the ${what}`);
  return name;
}
