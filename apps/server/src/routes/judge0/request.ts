import { z } from "zod";
import type { ServerConfig } from "../../config.ts";
import { unwrappedBase64 } from "./base64.ts";
import type { Judge0Language } from "./languages.ts";
import { multiFileId } from "./languages.ts";
import { judge0Limits } from "./limits.ts";
import type { Judge0Limits } from "./limits.ts";
import { wordsOf } from "./words.ts";

/** What is wrong with a submission: sentences by field, as Rails tells it. */
export type FieldErrors = Record<string, string[]>;

export class InvalidSubmission extends Error {
  override readonly name = "InvalidSubmission";
  readonly errors: FieldErrors;
  constructor(errors: FieldErrors) {
    super("the submission is not valid");
    this.errors = errors;
  }
}

const maxOptions = 512;

/** Rails takes numbers and booleans as text too, and an empty text for nothing. */
const fromText = (value: unknown): unknown => (value === "" ? null : value);
const number = ({ otherwise, most }: { otherwise: number; most: number }, least: number, above = false) =>
  z
    .preprocess(
      (value) => (typeof value === "string" && value.trim() !== "" ? Number(value) : fromText(value)),
      z
        .number("is not a number")
        .refine((value) => (above ? value > least : value >= least), {
          message: above ? `must be greater than ${least}` : `must be greater than or equal to ${least}`,
        })
        .refine((value) => value <= most, { message: `must be less than or equal to ${most}` })
        .nullish(),
    )
    .transform((value) => value ?? otherwise);
const integer = (bounds: { otherwise: number; most: number }, least: number) =>
  number(bounds, least).refine(Number.isInteger, { message: "must be an integer" });
const flag = z
  .preprocess(
    (value) =>
      value === "true" || value === 1 || value === "1"
        ? true
        : value === "false" || value === 0 || value === "0"
          ? false
          : fromText(value),
    z.boolean("must be true or false").nullish(),
  )
  .transform((value) => value ?? false);
const text = z
  .string("must be a string")
  .nullish()
  .transform((value) => value ?? null);
const options = text.refine((value) => (value?.length ?? 0) <= maxOptions, {
  message: `is too long (maximum is ${maxOptions} characters)`,
});

/** Attributes that Judge0 does not know are ignored, as there. */
const bodySchema = (limits: Judge0Limits) =>
  z.object({
    source_code: text,
    language_id: z.preprocess(
      (value) => (typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : fromText(value)),
      z.int("can't be blank"),
    ),
    compiler_options: options,
    command_line_arguments: options,
    stdin: text,
    expected_output: text,
    cpu_time_limit: number(limits.cpu_time_limit, 0, true),
    cpu_extra_time: number(limits.cpu_extra_time, 0),
    wall_time_limit: number(limits.wall_time_limit, 1),
    memory_limit: integer(limits.memory_limit, 2048),
    stack_limit: integer(limits.stack_limit, 1),
    max_processes_and_or_threads: integer(limits.max_processes_and_or_threads, 1),
    enable_per_process_and_thread_time_limit: flag,
    enable_per_process_and_thread_memory_limit: flag,
    max_file_size: integer(limits.max_file_size, 1),
    redirect_stderr_to_stdout: flag,
    enable_network: flag.refine((value) => !value, { message: "this option cannot be enabled" }),
    number_of_runs: integer(limits.number_of_runs, 1),
    additional_files: text,
    callback_url: text.refine((value) => value === null || isHttpUrl(value), {
      message: "is not an http or https address",
    }),
  });

/** A NUL, which the parser would let through, can't be stored. */
const isHttpUrl = (value: string): boolean => {
  if (value.length > 2048 || value.includes("\0")) return false;
  const url = URL.parse(value);
  return url !== null && (url.protocol === "http:" || url.protocol === "https:");
};

type Body = z.output<ReturnType<typeof bodySchema>>;

/** A submission that was read: what is bytes as bytes, options as words. */
export interface Judge0Submission extends Omit<
  Body,
  "source_code" | "stdin" | "expected_output" | "additional_files"
> {
  readonly language: Judge0Language;
  /** Null only for a program of several files. */
  readonly source: Buffer | null;
  readonly stdin: Buffer | null;
  readonly expectedOutput: Buffer | null;
  /** A zip archive. */
  readonly additionalFiles: Buffer | null;
  readonly compilerWords: readonly string[];
  readonly argumentWords: readonly string[];
}

/**
 * Reads what a client wants to submit.
 *
 * @param base64 whether source, input and expected output come as base64
 * @throws InvalidSubmission that names every field that does not fit
 */
export function readSubmission(
  config: ServerConfig,
  languages: readonly Judge0Language[],
  given: unknown,
  base64: boolean,
): Judge0Submission {
  const parsed = bodySchema(judge0Limits(config.maximumLimits)).safeParse(given);
  const errors: FieldErrors = {};
  const wrong = (field: string, message: string): null => {
    (errors[field] ??= []).push(message);
    return null;
  };
  if (!parsed.success) {
    for (const { path, message } of parsed.error.issues) wrong(String(path[0] ?? "base"), message);
    throw new InvalidSubmission(errors);
  }
  const body = parsed.data;
  const language = languages.find(({ id }) => id === body.language_id) ?? null;
  if (language === null) wrong("language_id", `language with id ${body.language_id} doesn't exist`);
  else if (language.isArchived)
    wrong("language_id", `language with id ${body.language_id} is archived and cannot be used anymore`);

  const bytes = (field: "source_code" | "stdin" | "expected_output"): Buffer | null => {
    const value = body[field];
    if (value === null || !base64) return value === null ? null : Buffer.from(value);
    return (
      unwrappedBase64(value) ?? wrong(field, "is not valid base64; send base64_encoded=false for plain text")
    );
  };
  const words = (field: "compiler_options" | "command_line_arguments"): string[] =>
    wordsOf(body[field] ?? "") ?? wrong(field, "has a quote that is not closed") ?? [];
  const [source, stdin, expectedOutput] = [bytes("source_code"), bytes("stdin"), bytes("expected_output")];
  const additionalFiles =
    body.additional_files === null || body.additional_files === ""
      ? null
      : (unwrappedBase64(body.additional_files) ?? wrong("additional_files", "is not valid base64"));
  const isMultiFile = body.language_id === multiFileId;
  if (!isMultiFile && body.source_code !== null && body.source_code.trim() === "")
    wrong("source_code", "can't be blank");
  if (!isMultiFile && body.source_code === null) wrong("source_code", "can't be blank");
  if (isMultiFile && (body.source_code ?? "") !== "") wrong("source_code", "should be blank");
  if (isMultiFile && body.additional_files === null) wrong("additional_files", "can't be blank");
  if ((expectedOutput?.length ?? 0) > config.maxDataBytes)
    wrong("expected_output", `is larger than ${config.maxDataBytes} bytes`);
  const [compilerWords, argumentWords] = [words("compiler_options"), words("command_line_arguments")];
  if (Object.keys(errors).length > 0 || language === null) throw new InvalidSubmission(errors);
  return {
    ...body,
    language,
    source: isMultiFile ? null : source,
    stdin,
    expectedOutput,
    additionalFiles,
    compilerWords,
    argumentWords,
  };
}
