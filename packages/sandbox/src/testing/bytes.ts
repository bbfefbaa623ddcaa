import { SandboxError } from "../error.ts";

// The fields of native/PROTOCOL.md written a second time, for tests to compare with.

export const u8 = (value: number): Buffer => Buffer.from([value]);
export const u16 = (value: number): Buffer => Buffer.from([value & 255, value >> 8]);
export const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const i32 = (value: number): Buffer => u32(value >>> 0);
export const u64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};
export const str16 = (text: string): Buffer =>
  Buffer.concat([u16(Buffer.byteLength(text)), Buffer.from(text)]);
export const str32 = (text: string): Buffer =>
  Buffer.concat([u32(Buffer.byteLength(text)), Buffer.from(text)]);
export const bytes = (content: Uint8Array | string): Buffer => {
  const buffer = Buffer.from(content);
  return Buffer.concat([u64(buffer.length), buffer]);
};
export const frame = (...parts: Uint8Array[]): Buffer => {
  const payload = Buffer.concat(parts);
  return Buffer.concat([u32(payload.length), payload]);
};

export interface OutcomeBytes {
  runId?: number;
  status?: number;
  exitCode?: number;
  signal?: number;
  memoryCause?: number;
  cpuWaitOf?: number;
  artifact?: string;
  artifactBytes?: number;
  fds?: readonly { total: number; content: string }[];
  collectedState?: number;
  tail?: Buffer;
}

/** The payload of an outcome with a number of its own in each field. */
export const outcome = (change: OutcomeBytes = {}): Buffer => {
  const fds = change.fds ?? [];
  return Buffer.concat([
    u8(130),
    u32(change.runId ?? 9),
    u8(change.status ?? 0),
    i32(change.exitCode ?? 0),
    i32(change.signal ?? 0),
    u64(1_500_000),
    u64(250_000),
    u64(9_000_000_000),
    u64(800_000),
    u64(123_456_000),
    u64(0),
    u64(4_400_000_000),
    u8(change.memoryCause ?? 0),
    u32(3),
    u32(1),
    u32(2),
    u64(11),
    u64(12),
    u64(4_500_000),
    u8(change.cpuWaitOf ?? 1),
    u64(2_000_000),
    u32(6),
    u64(77),
    u32(1 | 2 | 64 | 1024 | 4096),
    u16(1),
    str16("socket"),
    u32(4),
    str16(""),
    Buffer.from(change.artifact ?? "0".repeat(32), "hex"),
    u64(change.artifactBytes ?? 0),
    u32(2),
    u32(1),
    u8(fds.length),
    ...fds.map(({ total, content }) => Buffer.concat([u64(total), bytes(content)])),
    u16(1),
    str16("out"),
    u8(change.collectedState ?? 0),
    bytes("collected"),
    change.tail ?? Buffer.alloc(0),
  ]);
};

/** The code of the SandboxError that the attempt throws, or "no error". */
export const codeOf = (attempt: () => unknown): unknown => {
  try {
    attempt();
  } catch (error) {
    if (error instanceof SandboxError) return error.code;
    throw error;
  }
  return "no error";
};
