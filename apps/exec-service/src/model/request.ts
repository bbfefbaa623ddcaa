import { z } from "zod";
import { RequestError } from "./request-error.ts";

/** One file of a command: what a descriptor is, or what is copied in. */
export type CmdFile =
  | { readonly kind: "local"; readonly path: string }
  | { readonly kind: "memory"; readonly content: string }
  | { readonly kind: "prepared"; readonly id: string }
  | { readonly kind: "collector"; readonly name: string; readonly max: number }
  | { readonly kind: "symlink"; readonly target: string }
  | { readonly kind: "streamIn" }
  | { readonly kind: "streamOut" };

export interface CopyOut {
  readonly name: string;
  /** Asked for with a `?`: no error when it is missing. */
  readonly optional: boolean;
}

/** Times are nanoseconds, sizes bytes; 0 = not said. */
export interface Cmd {
  readonly args: readonly string[];
  readonly env: readonly string[];
  /** By descriptor; null is filled by a pipe, or stays empty. */
  readonly files: readonly (CmdFile | null)[];
  readonly tty: boolean;
  readonly cpuLimit: number;
  readonly clockLimit: number;
  readonly memoryLimit: number;
  readonly stackLimit: number;
  readonly procLimit: number;
  readonly cpuRateLimit: number;
  readonly cpuSetLimit: string;
  readonly dataSegmentLimit: boolean;
  readonly addressSpaceLimit: boolean;
  readonly copyIn: readonly (readonly [destination: string, file: CmdFile])[];
  readonly copyOut: readonly CopyOut[];
  readonly copyOutCached: readonly CopyOut[];
  readonly copyOutMax: number;
  readonly copyOutTruncate: boolean;
}

interface PipeEnd {
  readonly index: number;
  readonly fd: number;
}

/** `in` is where bytes go in: the writer's descriptor. */
export interface PipeMap {
  readonly in: PipeEnd;
  readonly out: PipeEnd;
  readonly proxy: boolean;
  readonly name: string;
  readonly max: number;
}

export interface Request {
  readonly requestId: string;
  readonly cmd: readonly Cmd[];
  readonly pipeMapping: readonly PipeMap[];
}

/** As in Go's decoder, null and absence are the zero value, and unknown fields are ignored. */
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? "");
const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);
/** uint64: "as much as there is" is often written as 2^64 - 1, which no double holds exactly. */
const unsigned = z
  .number()
  .min(0)
  .max(2 ** 64)
  .refine(Number.isInteger, "expected a whole number")
  .nullish()
  .transform((value) => value ?? 0);
const list = <Item extends z.ZodType>(item: Item) =>
  z
    .array(item)
    .nullish()
    .transform((value): z.output<Item>[] => value ?? []);

const WireFile = z.object({
  src: z.string().nullish(),
  content: z.string().nullish(),
  fileId: z.string().nullish(),
  name: z.string().nullish(),
  max: z.number().int().nullish(),
  symlink: z.string().nullish(),
  streamIn: z.boolean().nullish(),
  streamOut: z.boolean().nullish(),
});
type WireFile = z.infer<typeof WireFile>;

const WireCmd = z.object({
  args: list(z.string()),
  env: list(z.string()),
  files: list(WireFile.nullable()),
  tty: flag,
  cpuLimit: unsigned,
  realCpuLimit: unsigned,
  clockLimit: unsigned,
  memoryLimit: unsigned,
  stackLimit: unsigned,
  procLimit: unsigned,
  cpuRateLimit: unsigned,
  cpuSetLimit: text,
  dataSegmentLimit: flag,
  strictMemoryLimit: flag,
  addressSpaceLimit: flag,
  copyIn: z
    .custom<object>((value) => typeof value === "object" && !Array.isArray(value), "expected an object")
    .nullish()
    // Not z.record, which would lose a file named __proto__ without a word.
    .transform((value) => Object.entries(value ?? {}))
    .pipe(z.array(z.tuple([z.string(), WireFile.nullable()]))),
  copyOut: list(z.string()),
  copyOutCached: list(z.string()),
  copyOutMax: unsigned,
  copyOutTruncate: flag,
});
type WireCmd = z.infer<typeof WireCmd>;

const index = z
  .number()
  .int()
  .nullish()
  .transform((value) => value ?? 0);
const End = z
  .object({ index, fd: index })
  .nullish()
  .transform((value) => value ?? { index: 0, fd: 0 });
const WirePipe = z.object({
  in: End,
  out: End,
  proxy: flag,
  name: text,
  max: index,
});

const WireRequest = z.object({
  requestId: text,
  cancelRequestId: text,
  cmd: list(WireCmd),
  pipeMapping: list(WirePipe),
});

export type Message =
  | { readonly kind: "cancel"; readonly requestId: string }
  | { readonly kind: "request"; readonly request: Request };

/**
 * Reads what came as JSON. `streams` says whether descriptors may be streams.
 *
 * @throws RequestError (400) naming the field
 */
export function parseRequest(value: unknown, options: { streams: boolean }): Request {
  return toRequest(parsed(value), options.streams);
}

/** Reads a message of the WebSocket interface: a request, or the id of one to cancel. */
export function parseMessage(value: unknown): Message {
  const wire = parsed(value);
  if (wire.cancelRequestId !== "") return { kind: "cancel", requestId: wire.cancelRequestId };
  return { kind: "request", request: toRequest(wire, false) };
}

function parsed(value: unknown): z.infer<typeof WireRequest> {
  const result = WireRequest.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = (issue?.path ?? []).map(String).join(".");
  throw new RequestError(400, `${path === "" ? "the request" : path}: ${issue?.message ?? "is not valid"}`);
}

function toRequest(wire: z.infer<typeof WireRequest>, streams: boolean): Request {
  return {
    requestId: wire.requestId,
    cmd: wire.cmd.map((cmd, at) => toCmd(cmd, `cmd.${at}`, streams)),
    pipeMapping: wire.pipeMapping,
  };
}

function toCmd(wire: WireCmd, where: string, streams: boolean): Cmd {
  const { realCpuLimit, strictMemoryLimit, copyIn, ...rest } = wire;
  return {
    ...rest,
    clockLimit: realCpuLimit > 0 ? realCpuLimit : wire.clockLimit,
    dataSegmentLimit: wire.dataSegmentLimit || strictMemoryLimit,
    files: wire.files.map((file, fd) =>
      file === null ? null : toDescriptor(file, `${where}.files.${fd}`, streams),
    ),
    copyIn: copyIn.map(([name, file]) => [name, toCopyIn(file ?? {}, `${where}.copyIn.${name}`)]),
    copyOut: wire.copyOut.map(toCopyOut),
    copyOutCached: wire.copyOutCached.map(toCopyOut),
  };
}

function toDescriptor(file: WireFile, where: string, streams: boolean): CmdFile {
  if (streams && file.streamIn === true) return { kind: "streamIn" };
  if (streams && file.streamOut === true) return { kind: "streamOut" };
  return toFile(file, where);
}

function toCopyIn(file: WireFile, where: string): CmdFile {
  if (typeof file.symlink === "string") return { kind: "symlink", target: file.symlink };
  const found = toFile(file, where);
  if (found.kind === "collector") throw new RequestError(400, `${where}: a collector can't be copied in`);
  return found;
}

function toFile({ src, content, fileId, name, max }: WireFile, where: string): CmdFile {
  if (typeof src === "string") return { kind: "local", path: src };
  if (typeof content === "string") return { kind: "memory", content };
  if (typeof fileId === "string") return { kind: "prepared", id: fileId };
  if (typeof name === "string" && typeof max === "number")
    return { kind: "collector", name, max: Math.max(0, max) };
  throw new RequestError(400, `${where}: file is not valid for cmd (src, content, fileId, or name with max)`);
}

const toCopyOut = (asked: string): CopyOut =>
  asked.endsWith("?") ? { name: asked.slice(0, -1), optional: true } : { name: asked, optional: false };
