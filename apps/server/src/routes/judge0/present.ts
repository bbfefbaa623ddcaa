import { isUtf8 } from "node:buffer";
import { wrappedBase64 } from "./base64.ts";
import type { Field } from "./fields.ts";
import { multiFileId, nameOfNumber } from "./languages.ts";
import { statusOf } from "./statuses.ts";
import type { Stored } from "./store.ts";
import { tell } from "./verdict.ts";

/** Some bytes of a submission are no text, and the client asked for text. */
export class NotText extends Error {
  override readonly name = "NotText";
}

/** Fields whose values are in the job's payload, which is read only for them. */
export const needsPayload = (fields: readonly Field[]): boolean =>
  fields.includes("source_code") || fields.includes("stdin");

/**
 * The fields of a submission that were asked for.
 *
 * @throws NotText
 */
export function presentSubmission(
  stored: Stored,
  fields: readonly Field[],
  base64: boolean,
): Partial<Record<Field, unknown>> {
  const values = valuesOf(stored, (bytes) => {
    if (bytes === null) return null;
    if (base64) return wrappedBase64(bytes);
    if (!isUtf8(bytes)) throw new NotText();
    return bytes.toString();
  });
  return Object.fromEntries(fields.map((field) => [field, values[field]()]));
}

const decimal = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value));
const fromBase64 = (value: string | null): Buffer | null =>
  value === null ? null : Buffer.from(value, "base64");
const time = (date: Date | null): string | null => date?.toISOString() ?? null;

type Text = (bytes: Buffer | null) => string | null;

function valuesOf(stored: Stored, text: Text): Record<Field, () => unknown> {
  const { request, payload } = stored;
  const told = tell(stored);
  return {
    source_code: () =>
      stored.languageId === multiFileId ? null : text(Buffer.from(payload?.files[0]?.content ?? "")),
    language_id: () => stored.languageId,
    stdin: () => (request.hasStdin ? text(fromBase64(payload?.stdinBase64 ?? "")) : null),
    expected_output: () => text(fromBase64(request.expectedOutputBase64)),
    stdout: () => text(told.stdout),
    status_id: () => told.status,
    created_at: () => time(stored.createdAt),
    finished_at: () => time(stored.finishedAt),
    time: () => told.time,
    memory: () => told.memory,
    stderr: () => text(told.stderr),
    token: () => stored.token,
    number_of_runs: () => request.numberOfRuns,
    cpu_time_limit: () => decimal(request.cpuTimeLimit),
    cpu_extra_time: () => decimal(request.cpuExtraTime),
    wall_time_limit: () => decimal(request.wallTimeLimit),
    memory_limit: () => request.memoryLimit,
    stack_limit: () => request.stackLimit,
    max_processes_and_or_threads: () => request.maxProcesses,
    enable_per_process_and_thread_time_limit: () => request.perProcessTime,
    enable_per_process_and_thread_memory_limit: () => request.perProcessMemory,
    max_file_size: () => request.maxFileSize,
    compile_output: () => text(told.compileOutput),
    exit_code: () => told.exitCode,
    exit_signal: () => told.exitSignal,
    message: () => text(told.message === null ? null : Buffer.from(told.message)),
    wall_time: () => told.wallTime,
    compiler_options: () => request.compilerOptions,
    command_line_arguments: () => request.commandLineArguments,
    redirect_stderr_to_stdout: () => request.redirectStderr,
    callback_url: () => stored.callbackUrl,
    additional_files: () => null,
    enable_network: () => false,
    started_at: () => time(stored.startedAt),
    queued_at: () => time(stored.createdAt),
    updated_at: () => time(stored.finishedAt ?? stored.startedAt ?? stored.createdAt),
    queue_host: () => null,
    execution_host: () => (stored.result?.kind === "run" ? stored.result.provenance.runner : null),
    status: () => statusOf(told.status),
    language: () => ({
      id: stored.languageId,
      name: nameOfNumber(stored.languageId, versionOf(stored)),
    }),
  };
}

const versionOf = ({ result }: Stored): string | null =>
  result?.kind === "run" ? result.provenance.language.version : null;
