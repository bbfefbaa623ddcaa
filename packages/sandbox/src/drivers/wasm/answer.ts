import { deserialize } from "node:v8";
import { SandboxError } from "../../error.ts";
import type { CollectedFile, FdReport } from "../../spec.ts";
import type { WorkEntry } from "../work-tree.ts";
import type { WasmAnswer, WasmStop, WasmTask } from "./task.ts";

const stops: readonly (WasmStop | null)[] = [
  null,
  "cpu_limit",
  "wall_limit",
  "memory_limit",
  "output_limit",
  "cancelled",
  "failed",
];
const states: readonly CollectedFile["state"][] = ["ok", "missing", "not_regular", "too_large", "link"];

/** Names, numbers and what surrounds contents. */
const OVERHEAD_BYTES = 64 * 1024 * 1024;

/** More than any honest answer to this task has. */
export function maxAnswerBytes({ streams, keep, collect }: WasmTask): number {
  const captured =
    (streams.stdout?.maxBytes ?? 0) + (streams.stderr === "same" ? 0 : (streams.stderr?.maxBytes ?? 0));
  return OVERHEAD_BYTES + captured + (keep?.maxBytes ?? 0) + (collect?.maxBytes ?? 0);
}

/**
 * Reads an answer as what somebody says who may have been overcome by the program: every shape and
 * number is looked at, so that a lie stays one about the program itself.
 *
 * @throws SandboxError `protocol`
 */
export function readAnswer(bytes: Uint8Array, task: WasmTask): WasmAnswer {
  let value: unknown;
  try {
    value = deserialize(bytes);
  } catch (cause) {
    throw new SandboxError("protocol", "the wasm driver's process answered with no value", { cause });
  }
  if (isAnswer(value, task)) return value;
  throw new SandboxError("protocol", "the wasm driver's process answered what is no answer");
}

function isAnswer(value: unknown, task: WasmTask): value is WasmAnswer {
  if (!isRecord(value)) return false;
  const { stop, ending, message, collected, kept, stdout, stderr } = value;
  const paths = task.collect?.paths ?? [];
  return (
    (stops as unknown[]).includes(stop) &&
    (ending === null ? stop !== null : isEnding(ending)) &&
    (message === null || typeof message === "string") &&
    [value["cpuUserMs"], value["cpuSystemMs"], value["wallMs"], value["memoryBytes"]].every(isAmount) &&
    isCapture(stdout, task.streams.stdout?.maxBytes ?? null) &&
    isCapture(stderr, captureBytes(task)) &&
    Array.isArray(collected) &&
    (collected.length === paths.length || stop !== null) &&
    collected.every((file: unknown, index) => isCollected(file, paths[index])) &&
    (kept === null || isKept(kept))
  );
}

const captureBytes = ({ streams: { stdout, stderr } }: WasmTask): number | null =>
  (stderr === "same" ? stdout : stderr)?.maxBytes ?? null;

const isEnding = (value: unknown): boolean =>
  isRecord(value) &&
  typeof value["outOfMemory"] === "boolean" &&
  (value["how"] === "trap"
    ? typeof value["message"] === "string"
    : value["how"] === "exited" && isAmount(value["exitCode"]) && value["exitCode"] <= 255);

function isCapture(value: unknown, maxBytes: number | null): value is FdReport | null {
  if (value === null || maxBytes === null) return value === null && maxBytes === null;
  if (!isRecord(value) || !isAmount(value["total"])) return false;
  const { content } = value;
  return content instanceof Uint8Array && content.byteLength <= maxBytes;
}

const isCollected = (value: unknown, path: string | undefined): boolean =>
  isRecord(value) &&
  value["path"] === path &&
  (states as unknown[]).includes(value["state"]) &&
  value["content"] instanceof Uint8Array;

function isKept(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { tooLarge, tree, bytes, skipped } = value;
  if (tooLarge !== undefined) return isAmount(tooLarge);
  if (!(tree instanceof Map) || !isAmount(bytes) || !isAmount(skipped)) return false;
  return [...tree].every(
    ([path, entry]: [unknown, unknown]) => typeof path === "string" && isRecord(entry) && isEntry(entry),
  );
}

const isEntry = (entry: Record<string, unknown>): entry is Record<string, unknown> & WorkEntry =>
  entry["kind"] === "directory" ||
  (entry["kind"] === "file" && isAmount(entry["mode"]) && entry["content"] instanceof Uint8Array);

const isAmount = (value: unknown): value is number =>
  typeof value === "number" && Number.isFinite(value) && value >= 0;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;
