import { randomBytes } from "node:crypto";
import { AssayError, NewRun, plainRun } from "@assay/contracts";
import type { RunPayload } from "@assay/contracts";
import type { ServerConfig } from "../../config.ts";
import { readRunRequest } from "../runs/request.ts";
import { requirePlainPath } from "../../sources/path.ts";
import { unpackFiles } from "./additional-files.ts";
import type { UnpackedFile } from "./additional-files.ts";
import { extractKilobytes } from "./limits.ts";
import { hasRunScript, multiFileScript } from "./multi-file.ts";
import { InvalidSubmission } from "./request.ts";
import type { Judge0Submission } from "./request.ts";

const leastMemory = 8 * 1024 * 1024;
const leastStack = 64 * 1024;
const leastTimeMs = 10;

export interface Prepared {
  readonly payload: RunPayload;
  /** Of a program of several files: what its script puts before the words of a failed compilation. */
  readonly mark: string | null;
}

/**
 * The job that a submission is: a run like any other, with everything checked that our own API checks.
 *
 * @throws InvalidSubmission
 */
export async function payloadOf(config: ServerConfig, submission: Judge0Submission): Promise<Prepared> {
  const { language, source } = submission;
  const files = await filesOf(config, submission);
  const mark = source === null ? randomBytes(16).toString("hex") : null;
  if (source === null && !hasRunScript(files))
    throw new InvalidSubmission({ additional_files: ["must hold a script named run"] });
  const main =
    source === null
      ? { path: "judge0-multi-file.sh", content: multiFileScript(mark ?? ""), encoding: "utf8" as const }
      : {
          path: language.sourceFile ?? "",
          content: source.toString("base64"),
          encoding: "base64" as const,
        };
  try {
    const body = NewRun.parse({
      language: language.language.id,
      files: [main],
      args: submission.argumentWords,
      stdin: (submission.stdin ?? Buffer.alloc(0)).toString("base64"),
      stdinEncoding: "base64",
      dataFiles: files.map(({ path, content }) => ({
        path,
        content: content.toString("base64"),
        encoding: "base64",
      })),
      limits: limitsOf(config, submission),
      stopAtProcessLimit: false,
    });
    const options = {
      ...plainRun,
      stderrToStdout: submission.redirect_stderr_to_stdout,
      stopAtOutputLimit: true,
      compilerOptions: [...submission.compilerWords],
      dataFilesAtCompile: true,
      repeat: submission.number_of_runs,
    };
    return { payload: { ...readRunRequest(config, language.language, body), options }, mark };
  } catch (error) {
    if (error instanceof AssayError) throw new InvalidSubmission({ [fieldOf(error)]: [error.message] });
    throw error;
  }
}

async function filesOf(config: ServerConfig, { additionalFiles }: Judge0Submission): Promise<UnpackedFile[]> {
  if (additionalFiles === null) return [];
  try {
    const most = Math.min(extractKilobytes * 1024, config.maxDataBytes);
    const files = await unpackFiles(additionalFiles, most);
    for (const { path } of files) requirePlainPath("additional_files", path);
    return files;
  } catch (error) {
    if (error instanceof AssayError) throw new InvalidSubmission({ additional_files: [error.message] });
    throw error;
  }
}

function limitsOf({ maximumLimits }: ServerConfig, submission: Judge0Submission) {
  const cpuSeconds = submission.cpu_time_limit + submission.cpu_extra_time;
  const memoryBytes = Math.max(submission.memory_limit * 1024, leastMemory);
  return {
    cpuMs: Math.min(Math.max(Math.round(cpuSeconds * 1000), leastTimeMs), maximumLimits.cpuMs),
    wallMs: Math.round(submission.wall_time_limit * 1000),
    memoryBytes,
    stackBytes: Math.max(submission.stack_limit * 1024, leastStack),
    processes: submission.max_processes_and_or_threads,
    fileBytes: submission.max_file_size * 1024,
    outputBytes: submission.max_file_size * 1024,
    addressSpaceBytes: submission.enable_per_process_and_thread_memory_limit ? memoryBytes : null,
  };
}

/** Which of Judge0's fields an error of ours is about. */
function fieldOf({ code, message }: AssayError): string {
  if (code === "bad_path") return "additional_files";
  if (code === "too_large") return message.startsWith("stdin") ? "stdin" : "additional_files";
  if (code === "invalid_request" && message.startsWith("args")) return "command_line_arguments";
  return code === "limit_out_of_range" ? "base" : "source_code";
}
