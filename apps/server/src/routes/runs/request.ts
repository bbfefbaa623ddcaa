import { AssayError, Limits, defaultRunLimits, plainRun } from "@assay/contracts";
import type { ErrorIssue, NewRun, RunPayload } from "@assay/contracts";
import type { Language } from "@assay/languages";
import type { z } from "zod";
import type { ServerConfig } from "../../config.ts";
import { requireDistinctPaths, requirePlainPath } from "../../sources/path.ts";
import { readSources } from "../../sources/sources.ts";
import { decodeBase64 } from "../../sources/text.ts";
import type { Carried } from "../../sources/text.ts";

/** The language in it was looked at by who calls. */
type Body = Omit<z.output<typeof NewRun>, "language">;

/**
 * Everything that can be wrong with a run in a language, before any row is written.
 *
 * @throws AssayError `limit_out_of_range`, `too_large`, `invalid_request`, and
 * those of the sources
 */
export function readRunRequest(config: ServerConfig, language: Language, body: Body): RunPayload {
  const files = readSources(body, language.defaultSource, config.maxSourceBytes);
  for (const { path } of body.dataFiles) requirePlainPath("dataFiles", path);
  requireDistinctPaths(
    "files and dataFiles",
    [...files, ...body.dataFiles].map(({ path }) => path),
  );
  requireNoCompiled(
    language,
    files.map(({ path }) => path),
    body.dataFiles.map(({ path }) => path),
  );
  const dataFiles = body.dataFiles.map((file) => ({ path: file.path, bytes: bytesOf(file.path, file) }));
  const stdin = bytesOf("stdin", { content: body.stdin, encoding: body.stdinEncoding });
  const size = dataFiles.reduce((sum, { bytes }) => sum + bytes.byteLength, stdin.byteLength);
  if (size > config.maxDataBytes)
    throw new AssayError(
      "too_large",
      `stdin and data files are ${size} bytes; at most ${config.maxDataBytes} are taken.`,
    );
  return {
    kind: "run",
    language: language.id,
    files,
    dataFiles: dataFiles.map(({ path, bytes }) => ({ path, contentBase64: bytes.toString("base64") })),
    args: body.args.map(requireArgument),
    stdinBase64: stdin.toString("base64"),
    limits: limitsWithin(config.maximumLimits, body.limits),
    stopAtProcessLimit: body.stopAtProcessLimit,
    options: plainRun,
    requires: body.requires,
    ...(body.image === undefined ? {} : { image: body.image }),
  };
}

/**
 * A data file in the place of what the compiler makes would be run instead of the program; one below or
 * above that place can't be written.
 */
function requireNoCompiled(language: Language, sources: readonly string[], data: readonly string[]): void {
  const made = language.compile(sources)?.outputs ?? [];
  const taken = data.find((path) =>
    made.some((output) => `${output}/`.startsWith(`${path}/`) || path.startsWith(`${output}/`)),
  );
  if (taken === undefined) return;
  throw new AssayError(
    "bad_path",
    `dataFiles: ${taken} is what the compiler makes; name the file otherwise.`,
  );
}

function bytesOf(where: string, { content, encoding }: Carried): Buffer {
  const bytes = encoding === "base64" ? decodeBase64(content) : Buffer.from(content);
  if (bytes === null) throw invalid(where, "is not valid base64");
  if (encoding === "utf8" && !content.isWellFormed())
    throw invalid(where, "holds half of a surrogate pair; send base64");
  return bytes;
}

function requireArgument(argument: string, index: number): string {
  if (argument.includes("\0")) throw invalid(`args.${index}`, "holds a NUL, which no program can be given");
  if (!argument.isWellFormed()) throw invalid(`args.${index}`, "is not valid Unicode");
  return argument;
}

const invalid = (where: string, message: string): AssayError =>
  new AssayError("invalid_request", `${where} ${message}.`, { issues: [{ where, line: null, message }] });

/** What was asked for over the defaults; a default that passes this server's maximum is cut to it. */
function limitsWithin(maximum: Limits, asked: Body["limits"]): Limits {
  const issues: ErrorIssue[] = [];
  const limits: Partial<Record<keyof Limits, number | null>> = {};
  for (const name of Limits.keyof().options) {
    const most = maximum[name] ?? Infinity;
    const value = asked[name] ?? null;
    const otherwise = Math.min(defaultRunLimits[name] ?? Infinity, most);
    limits[name] = value ?? (otherwise === Infinity ? null : otherwise);
    if (value !== null && value > most)
      issues.push({ where: `limits.${name}`, line: null, message: `${value} is more than ${most}` });
  }
  const [first] = issues;
  if (first !== undefined)
    throw new AssayError("limit_out_of_range", `${first.where}: ${first.message}.`, { issues });
  return Limits.parse(limits);
}
