import { constants } from "node:os";
import type { Limits } from "@assay/contracts";
import { parseArtifactId } from "../artifact-id.ts";
import { ByteWriter } from "../bytes.ts";
import { SandboxError } from "../error.ts";
import type { BoxFd } from "../fd.ts";
import type { ArtifactId, BoxFile, BoxLink, RunSpec, TerminalSize } from "../spec.ts";
import {
  ID_BYTES,
  LENGTH_BYTES,
  LINK_MODE,
  MAX_REQUEST_BYTES,
  NANOSECONDS_PER_MS,
  PROTOCOL_VERSION,
  fdKinds,
  toSlot,
} from "./protocol.ts";

/** Enough inodes for any tree of small files; the kernel's memory for them counts in the box's cgroup. */
const BYTES_PER_INODE = 1024;
const MIN_INODES = 1024;
const MAX_INODES = 262_144;

/** What a run gets that its spec does not say. */
export interface Placement {
  /** Bytes of room for a processor that is chosen when the slot is known; 0 = all processors. */
  cpuMaskBytes: number;
  /** Names of the session's pipes by their numbers: the run starts when it is told to. Null = at once. */
  pipes: ReadonlyMap<number, Buffer> | null;
}

export interface EncodedRun {
  runId: number;
  spec: RunSpec;
  /** For one writev. */
  chunks: readonly Uint8Array[];
  /** A bit per processor, to be set before the run is sent; empty when nothing is to be chosen. */
  cpuMask: Buffer;
}

export function encodeHello(): Buffer {
  const frame = fixedFrame(toSlot.hello, 2);
  frame.writeUInt16LE(PROTOCOL_VERSION, LENGTH_BYTES + 1);
  return frame;
}

export function encodeForget(id: ArtifactId | "all"): Buffer {
  const frame = fixedFrame(toSlot.forget, ID_BYTES);
  frame.set(id === "all" ? noArtifact : artifactToBytes(id), LENGTH_BYTES + 1);
  return frame;
}

export function encodeCancel(runId: number): Buffer {
  return runFrame(toSlot.cancel, runId, 0);
}

export function encodeGo(runId: number): Buffer {
  return runFrame(toSlot.go, runId, 0);
}

/** Bytes for a stream, copied; none are its end. */
export function encodeInput(runId: number, fd: number, bytes: Uint8Array): Buffer {
  const frame = runFrame(toSlot.input, runId, 1 + bytes.byteLength);
  frame.writeUInt8(fd, RUN_HEADER_BYTES);
  frame.set(bytes, RUN_HEADER_BYTES + 1);
  return frame;
}

export function encodeTaken(runId: number, fd: number, bytes: number): Buffer {
  const frame = runFrame(toSlot.taken, runId, 5);
  frame.writeUInt8(fd, RUN_HEADER_BYTES);
  frame.writeUInt32LE(bytes, RUN_HEADER_BYTES + 1);
  return frame;
}

export function encodeResize(runId: number, fd: number, size: TerminalSize): Buffer {
  const frame = runFrame(toSlot.resize, runId, 9);
  let at = frame.writeUInt8(fd, RUN_HEADER_BYTES);
  for (const value of [size.rows, size.columns, size.x, size.y]) at = frame.writeUInt16LE(value, at);
  return frame;
}

export function encodeSignal(runId: number, name: NodeJS.Signals): Buffer {
  const number = constants.signals[name];
  if (number === undefined) throw new SandboxError("out_of_range", `${JSON.stringify(name)} is no signal`);
  const frame = runFrame(toSlot.signal, runId, 1);
  frame.writeUInt8(number, RUN_HEADER_BYTES);
  return frame;
}

/** Encodes a spec that was checked. Throws `out_of_range` or `too_large`. */
export function encodeRun(runId: number, spec: RunSpec, placement: Placement): EncodedRun {
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
  writeLimits(body, spec.limits, spec.cpuRate ?? 0);
  body.u8(spec.stopAtProcessLimit ? 1 : 0);
  const cpuMask = writeCpus(body, spec.cpus, placement.cpuMaskBytes);
  body.u8(placement.pipes === null ? 0 : 1);
  body.u8(spec.fds.length);
  for (const fd of spec.fds) writeFd(body, fd, placement.pipes);
  body.raw(spec.base === null ? noArtifact : artifactToBytes(spec.base));
  body.u16(spec.files.length);
  for (const file of spec.files) writeFile(body, file);
  body.u8(spec.keep === null ? 0 : 1);
  body.u64(spec.keep?.maxBytes ?? 0);
  const { collect } = spec;
  body.u16(collect?.paths.length ?? 0);
  for (const path of collect?.paths ?? []) body.str16(path);
  body.u64(collect?.maxBytes ?? 0);
  body.u64(collect?.maxBytesEach ?? collect?.maxBytes ?? 0);
  body.u8(collect?.truncate === true ? 1 : 0);

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
  return { runId, spec, chunks, cpuMask };
}

/** Sets the bit of a processor. */
export function setCpu(mask: Buffer, cpu: number): void {
  mask.writeUInt8(mask.readUInt8(cpu >> 3) | (1 << (cpu & 7)), cpu >> 3);
}

function writeLimits(body: ByteWriter, limits: Limits, cpuRate: number): void {
  body.u64(limits.cpuMs * NANOSECONDS_PER_MS);
  body.u64(limits.wallMs * NANOSECONDS_PER_MS);
  body.u64((limits.idleMs ?? 0) * NANOSECONDS_PER_MS);
  body.u64(limits.memoryBytes);
  body.u32(limits.processes);
  body.u32(cpuRate);
  body.u64(limits.diskBytes);
  body.u32(inodesFor(limits.diskBytes));
  body.u64(limits.stackBytes);
  body.u64(limits.fileBytes);
  body.u32(limits.openFiles);
  body.u64(limits.addressSpaceBytes ?? 0);
  body.u64(limits.dataBytes ?? 0);
}

function inodesFor(diskBytes: number): number {
  return Math.min(MAX_INODES, Math.max(MIN_INODES, Math.ceil(diskBytes / BYTES_PER_INODE)));
}

/** Answers the mask if it is still to be filled. */
function writeCpus(body: ByteWriter, cpus: readonly number[] | null, maskBytes: number): Buffer {
  const bytes = cpus === null ? maskBytes : (Math.max(...cpus) >> 3) + 1;
  body.u16(bytes);
  const mask = body.blank(bytes);
  for (const cpu of cpus ?? []) setCpu(mask, cpu);
  return cpus === null ? mask : noMask;
}

const noMask = Buffer.alloc(0);

function writeFd(body: ByteWriter, fd: BoxFd, pipes: Placement["pipes"]): void {
  body.u8(fdKinds[fd.kind]);
  switch (fd.kind) {
    case "null":
    case "input":
      return;
    case "content":
      body.bytes(fd.content);
      return;
    case "capture":
    case "output":
    case "terminal":
      body.u64(fd.maxBytes ?? Number.MAX_SAFE_INTEGER);
      body.u8(fd.onLimit === "stop" ? 1 : 0);
      if (fd.kind !== "terminal") return;
      body.u16(fd.rows);
      body.u16(fd.columns);
      return;
    case "pipe-read":
    case "pipe-write":
      body.raw(pipeName(pipes, fd.pipe));
      if (fd.kind === "pipe-write") body.u64(fd.recordBytes);
      return;
    case "same":
      body.u8(fd.fd);
      return;
  }
}

function pipeName(pipes: Placement["pipes"], pipe: number): Buffer {
  const name = pipes?.get(pipe);
  if (name === undefined) throw new SandboxError("out_of_range", `pipe ${pipe} has no other end`);
  return name;
}

function writeFile(body: ByteWriter, file: BoxFile | BoxLink): void {
  body.str16(file.path);
  if ("target" in file) {
    body.u32(LINK_MODE);
    body.bytes(Buffer.from(file.target));
  } else {
    body.u32(file.mode);
    body.bytes(file.content);
  }
}

const noArtifact = Buffer.alloc(ID_BYTES);

function artifactToBytes(id: ArtifactId): Buffer {
  return Buffer.from(parseArtifactId(id), "hex");
}

const RUN_HEADER_BYTES = LENGTH_BYTES + 1 + 4;

function runFrame(type: number, runId: number, moreBytes: number): Buffer {
  const frame = fixedFrame(type, 4 + moreBytes);
  frame.writeUInt32LE(runId, LENGTH_BYTES + 1);
  return frame;
}

/** Every byte of the payload is written by the caller. */
function fixedFrame(type: number, payloadBytes: number): Buffer {
  const frame = Buffer.allocUnsafe(LENGTH_BYTES + 1 + payloadBytes);
  frame.writeUInt32LE(1 + payloadBytes, 0);
  frame.writeUInt8(type, LENGTH_BYTES);
  return frame;
}
