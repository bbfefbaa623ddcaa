import { createHash } from "node:crypto";
import type { CompileReport, Limits, Outcome, SourceFile } from "@assay/contracts";
import { diagnoseCompilation } from "@assay/languages";
import type { Language } from "@assay/languages";
import { SandboxError, captured, standardStreams } from "@assay/sandbox";
import type { ArtifactId, BoxFile, Sandbox } from "@assay/sandbox";
import { asText } from "./output.ts";

/** A file of a working directory as bytes. */
export interface InputFile {
  readonly path: string;
  readonly content: Uint8Array;
  /** Default: 0o644. */
  readonly mode?: number;
}

/** A submission made ready to run any number of times. */
export interface Program {
  /** Null for a language that needs no preparation. */
  readonly artifact: { readonly id: ArtifactId; readonly bytes: number; readonly entries: number } | null;
  /** What must be written into each box, besides the artifact. */
  readonly files: readonly BoxFile[];
  /** Paths of all source files, as the language's run command wants them. */
  readonly paths: readonly string[];
}

export type Compilation =
  | { readonly succeeded: true; readonly program: Program; readonly report: CompileReport | null }
  | { readonly succeeded: false; readonly report: CompileReport };

/** A successful compilation as a cache keeps it. */
export interface CachedCompilation {
  readonly program: Program;
  readonly report: CompileReport;
}

/**
 * Remembers what was compiled. Its keys name everything that a compilation depends on; only
 * successes are kept. An artifact that it gives away may be forgotten at any time: whoever meets
 * `unknown_artifact` drops the key and compiles again.
 */
export interface CompileCache {
  get(key: string): CachedCompilation | null;
  set(key: string, compilation: CachedCompilation): void;
  /** Forgets a program that is lost, unless another compilation has taken its place already. */
  drop(key: string, lost: Program): void;
}

export interface CompileRequest {
  readonly language: Language;
  /** Digest of the language's image. */
  readonly image: string;
  readonly sources: readonly SourceFile[];
  /** Further files beside the sources, for example those that a package includes. */
  readonly extra: readonly InputFile[];
  /** Files that the compiler finds in its directory and is not told of. */
  readonly beside?: readonly InputFile[];
  /** Words for the compiler after the language's own. */
  readonly options?: readonly string[];
  readonly limits: Limits;
  readonly sandbox: Sandbox;
  readonly cache: CompileCache | null;
  readonly signal: AbortSignal;
}

/**
 * Compiles once. A compiler that fails, or passes its limits, is a compilation that did not succeed.
 * Throws the signal's reason when cancelled, SandboxError when the platform can't.
 */
export const compile = async (request: CompileRequest): Promise<Compilation> => {
  const { language, sandbox, cache, limits, signal } = request;
  const files = boxFiles(request.sources, request.extra);
  const paths = files.map((file) => file.path);
  const command = language.compile(paths, request.options);
  if (command === null) return { succeeded: true, program: { artifact: null, files, paths }, report: null };

  const key = compileKey(request);
  const known = cache?.get(key) ?? null;
  if (known !== null)
    return { succeeded: true, program: known.program, report: { ...known.report, cached: true } };

  const result = await sandbox.run(
    {
      image: request.image,
      argv: asArgv(command.argv),
      env: command.env,
      limits,
      fds: standardStreams({
        stdin: new Uint8Array(),
        outputBytes: limits.outputBytes,
        onOutputLimit: "discard",
      }),
      base: null,
      files: withBeside(request, files),
      keep: { maxBytes: limits.diskBytes },
      collect: null,
      cpus: null,
      cpuRate: null,
      // Compilers know how to go on with fewer processes.
      stopAtProcessLimit: false,
    },
    { signal },
  );
  signal.throwIfAborted();
  const { outcome, artifact } = result;
  const output = joinOutput(captured(result, 1), captured(result, 2), result.keepRefused);
  const report: CompileReport = {
    succeeded: artifact !== null,
    output,
    cached: false,
    outcome,
    diagnostics: diagnoseCompilation(language.messages, output, files),
  };
  if (artifact === null) return { succeeded: false, report };
  const program: Program = {
    artifact: { id: artifact.id, bytes: artifact.bytes, entries: artifact.entries },
    files: [],
    paths,
  };
  const shared = cache?.get(key) ?? null;
  if (shared === null) {
    cache?.set(key, { program, report });
    return { succeeded: true, program, report };
  }
  // Another job compiled the same meanwhile and runs what it made: to replace that would take it away.
  await forgetProgram(sandbox, program);
  return { succeeded: true, program: shared.program, report };
};

const page = 4096;

/**
 * The limits of a box that starts with these files: the disk limit is for what the program writes,
 * so what the platform puts there comes on top. A tmpfs counts whole pages.
 */
export const limitsOfBox = (
  limits: Limits,
  base: Program["artifact"],
  files: readonly BoxFile[],
): Limits => ({
  ...limits,
  diskBytes: limits.diskBytes + placedBytes(base, files),
});

/** At most what the platform puts into a box takes up there. */
const placedBytes = (base: Program["artifact"], files: readonly BoxFile[]): number => {
  const kept = base === null ? 0 : base.bytes + base.entries * page;
  return kept + files.reduce((sum, { content }) => sum + content.byteLength + 2 * page, 0);
};

/**
 * At least what a program's new files hold, without those that were there before. What it writes over
 * them and the odd page are not seen: never more than it wrote.
 */
export const writtenBytes = (
  outcome: Outcome,
  base: Program["artifact"],
  files: readonly BoxFile[],
): number => Math.max(0, outcome.fileBytes - placedBytes(base, files));

/** Names everything that a compilation depends on. */
export const compileKey = (request: CompileRequest): string => {
  const { language, image, sources, extra, limits } = request;
  const told = boxFiles(sources, extra);
  const command = language.compile(
    told.map((file) => file.path),
    request.options,
  );
  const files = withBeside(request, told);
  const hash = createHash("sha256");
  hash.update(JSON.stringify([language.id, image, command, limits]));
  for (const file of files) {
    hash.update(JSON.stringify([file.path, file.mode, file.content.length]));
    hash.update(file.content);
  }
  return hash.digest("hex");
};

/** Sources, and over them the extra files: an included file replaces one of the same path. */
const boxFiles = (sources: readonly SourceFile[], extra: readonly InputFile[]): readonly BoxFile[] => {
  const byPath = new Map<string, BoxFile>();
  for (const { path, content } of sources)
    byPath.set(path, { path, mode: 0o644, content: Buffer.from(content) });
  for (const { path, content, mode = 0o644 } of extra) byPath.set(path, { path, mode, content });
  return [...byPath.values()];
};

/** Never in the place of what the compiler is told of. */
const withBeside = ({ beside = [] }: CompileRequest, files: readonly BoxFile[]): readonly BoxFile[] => {
  const taken = new Set(files.map(({ path }) => path));
  return [
    ...files,
    ...beside
      .filter(({ path }) => !taken.has(path))
      .map(({ path, content }) => ({ path, mode: 0o644, content })),
  ];
};

/** A command's words as the sandbox wants them: at least the program. */
export const asArgv = (words: readonly string[]): readonly [string, ...string[]] => {
  const [program, ...args] = words;
  if (program === undefined) throw new RangeError("a command needs a program");
  return [program, ...args];
};

/** Removes what nobody keeps. A sandbox that is gone has forgotten it already. */
export const forgetProgram = async (sandbox: Sandbox, { artifact }: Program): Promise<void> => {
  if (artifact !== null) await sandbox.forget(artifact.id).catch(() => 0);
};

/** Whether an error means that the program has to be compiled again. */
export const isArtifactLost = (error: unknown): boolean =>
  error instanceof SandboxError && error.code === "unknown_artifact";

const joinOutput = (stdout: Uint8Array, stderr: Uint8Array, refused: string | null): string =>
  [asText(stdout), asText(stderr), refused ?? ""]
    .filter((text) => text !== "")
    .map((text) => (text.endsWith("\n") ? text : `${text}\n`))
    .join("");
