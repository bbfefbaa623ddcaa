import { ProgramError } from "./ast.ts";
import { Machine, OutOfBounds } from "./machine.ts";
import { parseProgram } from "./parse.ts";
import { Mismatch, Reader } from "./reader.ts";

export interface CheckOptions {
  /** Runs of blanks count as one space, and blanks around newlines do not count. */
  readonly lenientWhitespace?: boolean;
  /** Most commands, iterations and operators in all. */
  readonly maxSteps?: number;
  /** Most real time, ms. */
  readonly maxTimeMs?: number;
}

export interface CheckFailure {
  readonly ok: false;
  /** Whose line and column it is: `input` breaks its rules, or `program` is wrong itself. */
  readonly where: "input" | "program";
  /** From 1; columns count bytes. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export type CheckResult = { readonly ok: true } | CheckFailure;

const defaultSteps = 500_000_000;
const defaultTimeMs = 60_000;

/**
 * Whether an input follows a checktestdata program (`.ctd`). Programs and inputs are untrusted: what
 * takes too many steps, too long or too much memory fails.
 */
export const checkTestData = (
  program: string,
  input: Uint8Array,
  options: CheckOptions = {},
): CheckResult => {
  // One byte, one character: places and lengths are those of the file, and nothing can be malformed.
  const data = Buffer.from(input.buffer, input.byteOffset, input.byteLength).toString("latin1");
  const reader = new Reader(data, options.lenientWhitespace ?? false);
  try {
    const machine = new Machine(reader, {
      steps: options.maxSteps ?? defaultSteps,
      timeMs: options.maxTimeMs ?? defaultTimeMs,
    });
    machine.run(parseProgram(program));
    return { ok: true };
  } catch (error) {
    if (error instanceof Mismatch)
      return { ok: false, where: "input", ...placeOf(data, error.at), message: error.message };
    if (error instanceof OutOfBounds)
      return { ok: false, where: "input", ...placeOf(data, reader.at), message: error.message };
    if (error instanceof ProgramError) {
      const { line, column, message } = error;
      return { ok: false, where: "program", line, column, message };
    }
    throw error;
  }
};

/** What is wrong with a program before it reads anything, or null. */
export const checkProgram = (program: string): CheckFailure | null => {
  try {
    parseProgram(program);
    return null;
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    const { line, column, message } = error;
    return { ok: false, where: "program", line, column, message };
  }
};

const placeOf = (data: string, at: number): { readonly line: number; readonly column: number } => {
  let line = 1;
  let start = 0;
  for (let next = data.indexOf("\n"); next !== -1 && next < at; next = data.indexOf("\n", next + 1)) {
    line++;
    start = next + 1;
  }
  return { line, column: at - start + 1 };
};
