import type { Diagnostic, Outcome } from "@assay/contracts";
import type { MessageFormat } from "../language.ts";
import { clang, gcc } from "./gcc.ts";
import { go } from "./go.ts";
import { javac } from "./javac.ts";
import { kotlinc } from "./kotlinc.ts";
import { mono } from "./mono.ts";
import { node } from "./node.ts";
import type { Finding, MessageParser, Sources } from "./parser.ts";
import { php } from "./php.ts";
import { python } from "./python.ts";
import { readLines } from "./read-lines.ts";
import { ruby } from "./ruby.ts";
import { rustc } from "./rustc.ts";
import { sourcesOf } from "./sources.ts";
import type { SourceText } from "./sources.ts";
import { tsc } from "./tsc.ts";

const parsers: Readonly<Record<MessageFormat, MessageParser>> = {
  gcc,
  clang,
  python,
  javac,
  node,
  go,
  rustc,
  mono,
  kotlinc,
  php,
  ruby,
  tsc,
};

/** So many messages of one compilation; who mends these sees the next. */
const mostDiagnostics = 20;
const messageLength = 500;
const argumentLength = 100;

const short = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length - 1).toWellFormed()}…` : text;

const present = (finding: Finding, sources: Sources): Diagnostic => {
  const file = finding.file === null ? null : sources.own(finding.file);
  // A place in a file that nobody sent helps nobody.
  const line = file === null || finding.line === 0 ? null : finding.line;
  return {
    file,
    line,
    column: line === null || finding.column === 0 ? null : finding.column,
    kind: finding.kind,
    code: finding.code ?? null,
    message: short(finding.message, messageLength),
    args: Object.fromEntries(
      Object.entries(finding.args ?? {}).map(([name, value]) => [name, short(value, argumentLength)]),
    ),
    explanation: null,
    hint: null,
  };
};

/** What a compiler or a checker said, the first messages first. */
export const diagnoseCompilation = (
  format: MessageFormat | undefined,
  output: string,
  files: readonly SourceText[],
): Diagnostic[] => {
  if (format === undefined || output === "") return [];
  const sources = sourcesOf(files);
  return parsers[format]
    .compile(readLines(output, "first"), sources)
    .slice(0, mostDiagnostics)
    .map((finding) => present(finding, sources));
};

/** Ends that say nothing by themselves, of programs that run without a run-time system. */
const signals: Readonly<Record<string, string>> = {
  SIGSEGV: "c.segmentation-fault",
  SIGBUS: "c.segmentation-fault",
  SIGFPE: "c.zero-division",
};

/** Why a program failed, as far as its standard error or its end tell; empty for one that did not. */
export const diagnoseRun = (
  format: MessageFormat | undefined,
  { status, exitCode, signal }: Pick<Outcome, "status" | "exitCode" | "signal">,
  stderr: string,
  files: readonly SourceText[],
): Diagnostic[] => {
  const failed =
    status === "signalled" || status === "memory_limit" || (status === "exited" && exitCode !== 0);
  if (format === undefined || !failed) return [];
  const sources = sourcesOf(files);
  const found = parsers[format].run(readLines(stderr, "last"), sources);
  const isBare = format === "gcc" || format === "clang";
  const code = isBare && status === "signalled" ? signals[signal ?? ""] : undefined;
  const silent: Finding[] =
    found.length > 0 || code === undefined
      ? []
      : [{ file: null, line: null, column: null, kind: "error", message: signal ?? "", code }];
  return [...found, ...silent].slice(-mostDiagnostics).map((finding) => present(finding, sources));
};
