import { isUtf8 } from "node:buffer";
import type { Response, Result } from "./result.ts";

/*
 * JSON as Go's encoding/json writes these types: maps sorted by key, fields with omitempty left out
 * when they are empty, each byte that is no UTF-8 as U+FFFD, a newline at the end. It is written in
 * pieces, since one string of V8 can't hold what a few large outputs become.
 */

const PIECE_BYTES = 1024 * 1024;

const quoted = (text: string): string => JSON.stringify(text.toWellFormed());

export function* encodeResults(results: readonly Result[]): Generator<string> {
  yield* encodeList(results);
  yield "\n";
}

export function* encodeResponse({ requestId, results, error }: Response): Generator<string> {
  yield `{"requestId":${quoted(requestId)},"results":`;
  if (results === null) yield "null";
  else yield* encodeList(results);
  if (error !== "") yield `,"error":${quoted(error)}`;
  yield "}\n";
}

/** The pieces as one buffer, for transports that send messages. */
export const joined = (pieces: Iterable<string>): Buffer =>
  Buffer.concat(Array.from(pieces, (piece) => Buffer.from(piece)));

function* encodeList(results: readonly Result[]): Generator<string> {
  yield "[";
  for (const [index, result] of results.entries()) {
    if (index > 0) yield ",";
    yield* encodeResult(result);
  }
  yield "]";
}

function* encodeResult(result: Result): Generator<string> {
  yield `{"status":${quoted(result.status)},"exitStatus":${result.exitStatus}`;
  if (result.error !== "") yield `,"error":${quoted(result.error)}`;
  yield `,"time":${result.time},"memory":${result.memory},"runTime":${result.runTime}`;
  if (result.procPeak > 0) yield `,"procPeak":${result.procPeak}`;
  if (result.files.size > 0) {
    yield ',"files":{';
    let separator = "";
    for (const [name, content] of sorted(result.files)) {
      yield `${separator}${quoted(name)}:`;
      yield* encodeBytes(content);
      separator = ",";
    }
    yield "}";
  }
  if (result.fileIds.size > 0) {
    const entries = sorted(result.fileIds).map(([name, id]) => `${quoted(name)}:${quoted(id)}`);
    yield `,"fileIds":{${entries.join(",")}}`;
  }
  if (result.fileError.length > 0) {
    const errors = result.fileError.map(({ name, type, message }) =>
      message === ""
        ? `{"name":${quoted(name)},"type":${quoted(type)}}`
        : `{"name":${quoted(name)},"type":${quoted(type)},"message":${quoted(message)}}`,
    );
    yield `,"fileError":[${errors.join(",")}]`;
  }
  yield "}";
}

/** By the bytes of their UTF-8, as Go sorts strings. */
const sorted = <Value>(map: ReadonlyMap<string, Value>): [string, Value][] =>
  [...map].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

function* encodeBytes(content: Uint8Array): Generator<string> {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  yield '"';
  for (let start = 0; start < bytes.length;) {
    const end = pieceEnd(bytes, start);
    yield JSON.stringify(decode(bytes.subarray(start, end))).slice(1, -1);
    start = end;
  }
  yield '"';
}

/** Where a piece may end without cutting a character in two: a few bytes earlier at most. */
function pieceEnd(bytes: Buffer, start: number): number {
  const end = start + PIECE_BYTES;
  if (end >= bytes.length) return bytes.length;
  for (let cut = end; cut > end - 4; cut -= 1) if (((bytes[cut] ?? 0) & 0xc0) !== 0x80) return cut;
  return end;
}

const replacement = Buffer.from("\ufffd");

/**
 * JavaScript's decoders make one U+FFFD of the beginning of a broken character, Go one of each of its
 * bytes. Written into one buffer, since a program may fill its whole output with such bytes.
 */
function decode(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString("utf8");
  const repaired = Buffer.allocUnsafe(bytes.length * replacement.length);
  let end = 0;
  for (let at = 0; at < bytes.length;) {
    const length = characterLength(bytes, at);
    end += length === 0 ? replacement.copy(repaired, end) : bytes.copy(repaired, end, at, at + length);
    at += Math.max(1, length);
  }
  return repaired.toString("utf8", 0, end);
}

/** Of the character that starts here: 1 to 4 bytes, or 0 when it is none (RFC 3629). */
function characterLength(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  const second = bytes[at + 1] ?? 0;
  const least = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const most = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < least || second > most) return 0;
  for (let next = at + 2; next < at + length; next += 1) if (((bytes[next] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}
