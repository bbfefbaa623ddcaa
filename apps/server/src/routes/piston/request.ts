import { AssayError, NewRun, plainRun } from "@assay/contracts";
import type { RunPayload, RunStreams } from "@assay/contracts";
import type { ServerConfig } from "../../config.ts";
import { decodeBase64 } from "../../sources/text.ts";
import { isCompiled } from "../compatible/catalogue.ts";
import { readRunRequest } from "../runs/request.ts";
import { compileLimits, limitNames, pistonLimits, runLimits } from "./limits.ts";
import type { Asked } from "./limits.ts";
import { findRuntime } from "./runtimes.ts";
import type { Found, Runtime } from "./runtimes.ts";

/** A request that Piston answers with 400; the message is part of its interface. */
export class BadRequest extends Error {
  override readonly name = "BadRequest";
}

interface File {
  readonly name: string;
  /** Null for text; otherwise what its encoding stands for. */
  readonly bytes: Buffer | null;
  readonly content: string;
}

export interface Prepared {
  readonly payload: RunPayload;
  readonly runtime: Runtime;
  readonly isCompiled: boolean;
}

/**
 * Reads what a client wants to run, checking in Piston's order.
 *
 * @throws BadRequest
 */
export function readRequest(
  config: ServerConfig,
  runtimes: readonly Found[],
  given: unknown,
  streams: RunStreams,
): Prepared {
  const body = asObject(given);
  const language = requireText(body, "language");
  const version = requireText(body, "version");
  const files = readFiles(body["files"]);
  const found = findRuntime(runtimes, language, version);
  if (found === null) throw new BadRequest(`${show(language)}-${show(version)} runtime is unknown`);
  const asked = readLimits(config, body);
  const args = body["args"] ?? [];
  if (!Array.isArray(args) || !args.every((one): one is string => typeof one === "string"))
    throw new BadRequest("args must be an array of strings");
  const stdin = body["stdin"] ?? "";
  if (typeof stdin !== "string") throw new BadRequest("stdin must be a string");

  const compiled = isCompiled(found.language.id);
  // A compiler gets every text; an interpreter starts the first and finds the others beside it.
  const texts = files.filter(({ bytes }) => bytes === null);
  const sources = compiled ? texts : texts.slice(0, 1);
  const others = files.filter((file) => !sources.includes(file));
  try {
    const run = NewRun.parse({
      language: found.language.id,
      files: sources.map(({ name, content }) => ({ path: name, content })),
      args,
      stdin: stdin.endsWith("\n") ? stdin : `${stdin}\n`,
      dataFiles: others.map(({ name, bytes, content }) =>
        bytes === null
          ? { path: name, content }
          : { path: name, content: bytes.toString("base64"), encoding: "base64" },
      ),
      limits: runLimits(config, asked),
      stopAtProcessLimit: false,
    });
    const options = {
      ...plainRun,
      streams,
      stopAtOutputLimit: true,
      compileLimits: compileLimits(config, asked),
      dataFilesAtCompile: true,
    };
    return {
      payload: { ...readRunRequest(config, found.language, run), options },
      runtime: found.runtime,
      isCompiled: compiled,
    };
  } catch (error) {
    throw asBadRequest(error);
  }
}

/** The words of our own checks, which Piston has no words for. */
function asBadRequest(error: unknown): unknown {
  if (error instanceof AssayError) return new BadRequest(error.message);
  // A number of files or arguments that no run of ours takes.
  if (error instanceof Error && error.name === "ZodError")
    return new BadRequest(
      "a run takes up to 64 source files, 256 other files, and 256 arguments of 4096 characters",
    );
  return error;
}

export const asObject = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};

export function requireText(body: Readonly<Record<string, unknown>>, name: string): string {
  const value = body[name];
  if (typeof value !== "string" || value === "") throw new BadRequest(`${name} is required as a string`);
  return value;
}

/** A client's word in a message: not endless. */
export const show = (text: string): string => text.slice(0, 64).toWellFormed();

const encodings = ["utf8", "base64", "hex"];

function readFiles(given: unknown): File[] {
  if (!Array.isArray(given)) throw new BadRequest("files is required as an array");
  const raw = given.map(asObject);
  for (const [index, { content }] of raw.entries())
    if (typeof content !== "string") throw new BadRequest(`files[${index}].content is required as a string`);
  const files = raw.map((file, index): File => {
    const content = String(file["content"]);
    const name = typeof file["name"] === "string" && file["name"] !== "" ? file["name"] : `file${index}.code`;
    const encoding = encodings.find((known) => known === file["encoding"]) ?? "utf8";
    const bytes = encoding === "utf8" ? null : decode(content, encoding);
    if (bytes === null && encoding !== "utf8")
      throw new BadRequest(`files[${index}].content is not valid ${encoding}`);
    return { name, content, bytes };
  });
  if (!files.some(({ bytes }) => bytes === null))
    throw new BadRequest("files must include at least one utf8 encoded file");
  return files;
}

function decode(content: string, encoding: string): Buffer | null {
  if (encoding === "base64") return decodeBase64(content.replace(/[\r\n]/g, ""));
  return content.length % 2 === 0 && /^[0-9a-fA-F]*$/.test(content) ? Buffer.from(content, "hex") : null;
}

function readLimits(config: ServerConfig, body: Readonly<Record<string, unknown>>): Asked {
  const most = pistonLimits(config);
  const asked: Asked = {};
  for (const name of limitNames) {
    const value = body[name];
    // As there: nothing, zero, and a memory limit below it ask for nothing.
    if (value === undefined || value === null || value === 0) continue;
    if (typeof value !== "number") throw new BadRequest(`If specified, ${name} must be a number`);
    if (value < 0 && name.endsWith("memory_limit")) continue;
    if (value > most[name])
      throw new BadRequest(`${name} cannot exceed the configured limit of ${most[name]}`);
    if (value < 0) throw new BadRequest(`${name} must be non-negative`);
    asked[name] = value;
  }
  return asked;
}
