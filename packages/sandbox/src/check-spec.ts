import { SandboxError } from "./error.ts";
import { isPipe, isStream } from "./fd.ts";
import type { BoxFd } from "./fd.ts";
import { checkBoxPath } from "./path.ts";
import type { BoxFile, BoxLink, RunSpec } from "./spec.ts";

const MiB = 1024 * 1024;

const MAX_FDS = 16;
const MAX_CAPTURE_BYTES = 256 * MiB;
const MAX_COLLECT_BYTES = 256 * MiB;
/** Of everything that one report brings, which is one message. */
export const MAX_REPORT_BYTES = 512 * MiB;

const MAX_CPU = 1023;
const MAX_TERMINAL = 4096;
const MAX_TARGET_BYTES = 4095;

/** Which descriptors a way to run can serve. */
export type FdUse = "no-streams" | "streams" | "streams-and-pipes";

/**
 * Throws a SandboxError for everything that can be refused without asking sandboxd, so that a bad
 * spec never waits for a slot. What only sandboxd can judge (ranges of limits) is left to it.
 */
export function checkSpec(spec: RunSpec, use: FdUse): void {
  if (!/^[0-9a-f]{64}$/.test(spec.image)) {
    throw new SandboxError("unknown_image", `${JSON.stringify(spec.image)} is not the digest of an image`);
  }
  if (spec.argv.length === 0 || spec.argv[0] === "") throw outOfRange("argv needs the program's name");
  for (const argument of spec.argv) checkText("an argument", argument);
  for (const [key, value] of Object.entries(spec.env)) {
    if (key === "" || key.includes("=")) {
      throw outOfRange(`${JSON.stringify(key)} can't name an environment variable`);
    }
    checkText("an environment variable", key);
    checkText("an environment variable", value);
  }
  for (const file of spec.files) checkFile(file);
  if (spec.cpus !== null) checkCpus(spec.cpus);
  checkFds(spec, use);
}

function checkFds({ fds, collect }: RunSpec, use: FdUse): void {
  if (fds.length > MAX_FDS) throw outOfRange(`a run has at most ${MAX_FDS} descriptors, not ${fds.length}`);
  let reported = collect?.maxBytes ?? 0;
  if (reported > MAX_COLLECT_BYTES) {
    throw outOfRange(`at most ${MAX_COLLECT_BYTES} bytes can be collected`);
  }
  for (const path of collect?.paths ?? []) checkBoxPath(path);
  for (const [number, fd] of fds.entries()) reported += checkFd(number, fd, use);
  if (reported > MAX_REPORT_BYTES) {
    throw outOfRange(`captures, records and collected files may have ${MAX_REPORT_BYTES} bytes together`);
  }
}

/** Answers how many bytes it may bring into the report. */
function checkFd(number: number, fd: BoxFd, use: FdUse): number {
  if (use === "no-streams" && isStream(fd)) {
    throw outOfRange(`descriptor ${number} is a stream, which only a run that is opened has`);
  }
  if (use !== "streams-and-pipes" && isPipe(fd)) {
    throw outOfRange(`descriptor ${number} is a pipe to another run, which only a session has`);
  }
  switch (fd.kind) {
    case "capture":
      return checkCap(number, fd.maxBytes);
    case "pipe-write":
      return checkCap(number, fd.recordBytes);
    case "terminal":
      checkWithin(`the rows of descriptor ${number}`, fd.rows, 1, MAX_TERMINAL);
      checkWithin(`the columns of descriptor ${number}`, fd.columns, 1, MAX_TERMINAL);
      return 0;
    case "same":
      checkWithin(`what descriptor ${number} is the same as`, fd.fd, 0, number - 1);
      return 0;
    case "null":
    case "content":
    case "input":
    case "output":
    case "pipe-read":
      return 0;
  }
}

function checkCap(number: number, bytes: number): number {
  checkWithin(`the cap of descriptor ${number}`, bytes, 0, MAX_CAPTURE_BYTES);
  return bytes;
}

function checkFile(file: BoxFile | BoxLink): void {
  checkBoxPath(file.path);
  if ("target" in file) {
    checkText("a link's target", file.target);
    const bytes = Buffer.byteLength(file.target);
    if (bytes === 0 || bytes > MAX_TARGET_BYTES) {
      throw outOfRange(`${file.path}: a link's target has 1 to ${MAX_TARGET_BYTES} bytes`);
    }
  } else if (!Number.isInteger(file.mode) || file.mode < 0 || file.mode > 0o777) {
    throw outOfRange(`${file.path}: the mode must be from 0 to 0o777`);
  }
}

function checkCpus(cpus: readonly number[]): void {
  if (cpus.length === 0) throw outOfRange("a run needs a processor");
  for (const cpu of cpus) checkWithin("a processor's number", cpu, 0, MAX_CPU);
}

function checkText(what: string, text: string): void {
  if (text.includes("\0")) throw outOfRange(`${what} can't hold a NUL`);
  if (!text.isWellFormed()) throw outOfRange(`${what} must be valid Unicode`);
}

/** Throws `out_of_range` unless the value is a whole number from `min` to `max`. */
export function checkWithin(what: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw outOfRange(`${what} must be a whole number from ${min} to ${max}, not ${value}`);
}

export function outOfRange(message: string): SandboxError {
  return new SandboxError("out_of_range", message);
}
