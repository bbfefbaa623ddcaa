import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { Client } from "@assay/client";
import { Option, type Command } from "commander";
import {
  isolationLevel,
  routes,
  type IsolationLevel,
  type Limits,
  type Run,
  type RunResult,
} from "@assay/contracts";
import { interruptSignal, printJson } from "../command.ts";
import { connectOrEmbed } from "../connection.ts";
import { CommandFailure, exitCode, usageError, type ExitCode } from "../exit.ts";
import { chooseLanguage, languagesBuiltHere, readBytes, readSubmission, selectedLanguage } from "../input.ts";
import { explained, friendly } from "../output/friendly.ts";
import { ProgressLine } from "../output/progress.ts";
import { say } from "../output/say.ts";
import { bytes, imageSentence, milliseconds, printable } from "../output/text.ts";
import { compiledBefore } from "../output/verdicts.ts";
import { count, number, requireIsolation } from "../options.ts";

interface RunOptions {
  readonly stdin?: string;
  readonly language?: string;
  readonly image?: string;
  readonly cpu?: number;
  readonly wall?: number;
  readonly idle?: number;
  readonly memory?: number;
  readonly processes?: number;
  readonly forkFails: boolean;
  readonly file: readonly string[];
  readonly requireIsolation?: IsolationLevel;
  readonly json: boolean;
}

export function registerRun(program: Command): void {
  program
    .command("run")
    .description("run one program in a box and show what it did")
    .argument("<program>", "its source file, or a directory of files that belong together")
    .argument("[args...]", "arguments for the program (after --)")
    .option("--stdin <file>", "what the program reads; - for this command's own input")
    .option(
      "--language <selector>",
      "python, python@3.13, python@>=3.10; instead of telling it by the file's extension and content",
    )
    .option("--image <name>", "run it in this image, by name or digest, instead of the language's own")
    .option("--cpu <seconds>", "CPU time limit", number)
    .option("--wall <seconds>", "wall time limit", number)
    .option("--idle <seconds>", "stop it when it has used no CPU time for so long", number)
    .option("--memory <MiB>", "memory limit", number)
    .option("--processes <n>", "processes and threads at once; it is stopped when it asks for more", count)
    .option("--fork-fails", "let it go on at its limit of processes, where fork fails", false)
    .addOption(
      new Option("--file <path>", "a data file beside the program; may be repeated")
        .default([])
        .argParser((path: string, before: readonly string[]) => [...before, path]),
    )
    .addOption(requireIsolation())
    .option("--json", "one JSON object", false)
    .action(async (path: string, args: string[], options: RunOptions) => {
      process.exitCode = await run(path, args, options);
    });
}

async function run(path: string, args: readonly string[], options: RunOptions): Promise<ExitCode> {
  const signal = interruptSignal();
  const limits = limitsOf(options);
  if (options.language !== undefined) selectedLanguage(options.language);
  const files = await readSubmission(path);
  const { language, selector } = chooseLanguage(path, files, options.language, await languagesBuiltHere());
  const entry = language.entryPoint(files.map((one) => one.path));
  if (files.length > 1 && language.translation !== "compiled")
    say(`assay: ${printable(path)} starts at ${printable(entry)}`);
  const stdin = options.stdin === undefined ? new Uint8Array() : await readBytes(options.stdin);
  const dataFiles = await Promise.all(
    options.file.map(async (data) => ({
      path: basename(data),
      content: (await readFile(data)).toString("base64"),
      encoding: "base64" as const,
    })),
  );
  await using connection = await connectOrEmbed([language.id], signal);
  const created = await connection.client.call(routes.createRun, {
    query: { wait: secondsToHold },
    body: {
      language: selector,
      files: [...files],
      args: [...args],
      stdin: Buffer.from(stdin).toString("base64"),
      stdinEncoding: "base64",
      dataFiles,
      limits,
      stopAtProcessLimit: !options.forkFails,
      requires: { isolation: options.requireIsolation ?? null },
      ...(options.image === undefined ? {} : { image: options.image.replace(/^sha256:/, "") }),
    },
    signal,
  });
  const settled = await settledRun(connection.client, created, signal);
  if (!settled.result)
    throw new CommandFailure(
      exitCode.platform,
      `the platform gave up: ${settled.failure?.message ?? settled.state}`,
    );
  if (options.json) printJson(summary(settled.result));
  else show(settled.result);
  if (settled.result.evidence.outcome?.status === "platform") return exitCode.platform;
  const outcome = settled.result.outcome;
  return outcome?.status === "exited" && outcome.exitCode === 0 ? exitCode.ok : exitCode.notSo;
}

/** What takes longer is followed, so that whoever waits hears what for. */
const secondsToHold = 2;

/** Says what a run waits for, until it is over. */
async function tellWaiting(client: Client, { id, waitingFor }: Run, signal: AbortSignal): Promise<void> {
  using line = new ProgressLine("assay");
  if (waitingFor !== null) line.update("waiting", null, null, `waiting: ${printable(waitingFor)}`);
  for await (const { body } of client.events(id, { signal }))
    if (body.type === "image") line.update(body.state, body.done, body.total, printable(imageSentence(body)));
}

async function settledRun(client: Client, created: Run, signal: AbortSignal): Promise<Run> {
  if (created.finishedAt !== null) return created;
  await tellWaiting(client, created, signal);
  let run = created;
  while (run.finishedAt === null)
    run = await client.call(routes.getRun, { params: { id: run.id }, query: { wait: 30 }, signal });
  return run;
}

function positive(value: number | undefined, name: string, factor: number): number | undefined {
  if (value === undefined) return undefined;
  if (!(value > 0)) throw usageError(`--${name} must be a number greater than 0`);
  return Math.round(value * factor);
}

function limitsOf(options: RunOptions): Partial<Limits> {
  const limits: Partial<Limits> = {};
  const cpuMs = positive(options.cpu, "cpu", 1000);
  const wallMs = positive(options.wall, "wall", 1000);
  const idleMs = positive(options.idle, "idle", 1000);
  const memoryBytes = positive(options.memory, "memory", 1024 * 1024);
  if (cpuMs !== undefined) limits.cpuMs = cpuMs;
  if (wallMs !== undefined) limits.wallMs = wallMs;
  if (idleMs !== undefined) limits.idleMs = idleMs;
  if (memoryBytes !== undefined) limits.memoryBytes = memoryBytes;
  if (options.processes !== undefined) limits.processes = options.processes;
  return limits;
}

/** Of what went wrong: a program that runs is not told of its compiler's warnings. */
const diagnosticsOf = (result: RunResult) =>
  result.compile?.succeeded === false ? result.compile.diagnostics : result.diagnostics;

/** The stable shape of `run --json`. */
function summary(result: RunResult) {
  const outcome = result.outcome;
  const failedCompile = result.compile && !result.compile.succeeded ? result.compile : null;
  const shown = outcome ?? failedCompile?.outcome ?? null;
  return {
    status: failedCompile ? "compile_error" : (outcome?.status ?? "platform"),
    exitCode: shown?.exitCode ?? null,
    signal: shown?.signal ?? null,
    compile: compileSummary(result.compile),
    cpuMs: shown?.cpuMs ?? 0,
    wallMs: shown?.wallMs ?? 0,
    memoryBytes: shown?.memoryBytes ?? 0,
    stdout: result.stdout.text,
    stdoutBase64: result.stdout.base64,
    stderr: failedCompile ? failedCompile.output : result.stderr.text,
    stderrBase64: failedCompile ? null : result.stderr.base64,
    diagnostics: explained(diagnosticsOf(result)),
    truncated: (shown?.stdoutTruncated ?? false) || (shown?.stderrTruncated ?? false),
    image: `${result.provenance.image.name}@sha256:${result.provenance.image.digest}`,
    language: result.provenance.language,
    isolation: shown?.isolation ?? result.provenance.isolation,
    isolationLevel: shown === null ? null : isolationLevel(shown),
    evidence: result.evidence,
  };
}

/** The stable shape of a compilation in `--json`; null where nothing was compiled. */
export const compileSummary = (compile: RunResult["compile"]) =>
  compile === null ? null : { succeeded: compile.succeeded, cached: compile.cached };

/** The exact bytes; on a terminal, text whose control characters are shown and not obeyed. */
function shown(output: RunResult["stdout"], isTerminal: boolean): Uint8Array | string {
  if (isTerminal) return printable(output.text);
  return output.base64 === null ? output.text : Buffer.from(output.base64, "base64");
}

function show(result: RunResult): void {
  if (result.compile && !result.compile.succeeded) process.stderr.write(printable(result.compile.output));
  process.stdout.write(shown(result.stdout, process.stdout.isTTY));
  process.stderr.write(shown(result.stderr, process.stderr.isTTY));
  process.stderr.write(friendly(diagnosticsOf(result)));
  const outcome = result.outcome ?? result.evidence.outcome;
  const usage = outcome
    ? ` · CPU ${milliseconds(outcome.cpuMs)} · wall ${milliseconds(outcome.wallMs)} · memory ${bytes(outcome.memoryBytes)}`
    : "";
  const sentence = printable(`${result.evidence.text}${compiledBefore(result.compile)}`);
  process.stderr.write(`assay: ${sentence}${usage}\n`);
}
