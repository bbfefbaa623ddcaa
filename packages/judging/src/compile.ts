import { createHash } from "node:crypto";
import type { CompileReport, Limits, SourceFile } from "@assay/contracts";
import { diagnoseCompilation } from "@assay/languages";
import type { CompileCommand, Language } from "@assay/languages";
import { SandboxError, captured, standardStreams } from "@assay/sandbox";
import type { Artifact, ArtifactId, BoxFile, Sandbox } from "@assay/sandbox";
import { asText } from "./output.ts";
import { makeArtifact, readArtifact } from "./work-files.ts";
import type { WorkFiles } from "./work-files.ts";

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
 * Remembers what was compiled for one organization; only successes are kept. An artifact that it gives away
 * may be forgotten at any time: whoever meets `unknown_artifact` drops the key and compiles again.
 */
export interface CompileCache {
  /** For whom, and by which version of the platform: a part of every key. */
  readonly scope: string;
  readonly store: CompiledStore | null;
  /**
   * What is known under the key; else what comes of the compilation that is under way for somebody else;
   * else what `compile` makes. Throws the signal's reason while it waits, and what `compile` throws.
   */
  obtain(key: string, compile: () => Promise<Compilation>, signal: AbortSignal): Promise<Compilation>;
  /** Forgets a program that is lost, unless another compilation has taken its place already. */
  drop(key: string, lost: Program): void;
}

/** What is left of a compilation where its sandbox is gone. */
export interface KeptCompilation {
  readonly report: CompileReport;
  /** What was not there before the compiler; what was there is as it was. */
  readonly made: WorkFiles;
}

/** Compilations that outlive the sandbox in which they were made. It may forget any of them. */
export interface CompiledStore {
  /** The most that one compilation may take up, bytes. */
  readonly maxEntryBytes: number;
  /** Null as well for one that is not as it was written. */
  read(key: string): Promise<KeptCompilation | null>;
  /** Returns at once; what can't be had or written is left out. */
  write(key: string, kept: Promise<KeptCompilation | null>): void;
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
  const { language, cache } = request;
  const files = boxFiles(request.sources, request.extra);
  const paths = files.map((file) => file.path);
  const command = language.compile(paths, request.options);
  if (command === null) return { succeeded: true, program: { artifact: null, files, paths }, report: null };
  const work: CompileWork = { request, command, files: withBeside(request, files), paths };
  if (cache === null) return await compileNow(work, null);
  const key = compileKey(request);
  return await cache.obtain(
    key,
    async () => (await restore(work, cache.store, key)) ?? (await compileNow(work, { cache, key })),
    request.signal,
  );
};

interface CompileWork {
  readonly request: CompileRequest;
  readonly command: CompileCommand;
  /** All that lies in the box before the compiler starts. */
  readonly files: readonly BoxFile[];
  /** Of the sources. */
  readonly paths: readonly string[];
}

const compileNow = async (
  work: CompileWork,
  keeping: { readonly cache: CompileCache; readonly key: string } | null,
): Promise<Compilation> => {
  const { request, command, files, paths } = work;
  const { limits, signal } = request;
  const result = await request.sandbox.run(
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
      files,
      keep: { maxBytes: limits.diskBytes },
      collect: null,
      cpus: null,
      cpuRate: null,
      // Compilers know how to go on with fewer processes.
      stopAtProcessLimit: false,
    },
    { signal },
  );
  const { outcome, artifact } = result;
  await unlessCancelled(request, artifact);
  const output = joinOutput(captured(result, 1), captured(result, 2), result.keepRefused);
  const report: CompileReport = {
    succeeded: artifact !== null,
    output,
    cached: false,
    outcome,
    diagnostics: diagnoseCompilation(request.language.messages, output, files),
  };
  if (artifact === null) return { succeeded: false, report };
  const store = keeping?.cache.store ?? null;
  if (store !== null && keeping !== null)
    store.write(keeping.key, keptOf(work, artifact, report, store.maxEntryBytes));
  return succeeded(artifact, paths, report);
};

/** What is to be kept of a compilation; null when it can't be. */
const keptOf = async (
  { request, files }: CompileWork,
  artifact: Artifact,
  report: CompileReport,
  maxBytes: number,
): Promise<KeptCompilation | null> => {
  const found = await readArtifact(request, artifact, maxBytes);
  if (found === null) return null;
  const made = new Map(found.files.map((file) => [file.path, file]));
  for (const before of files) {
    const after = made.get(before.path);
    // What a compiler does to its sources is not kept, since these are not.
    if (after === undefined || after.mode !== before.mode || Buffer.compare(after.content, before.content))
      return null;
    made.delete(before.path);
  }
  return { report, made: { ...found, files: [...made.values()] } };
};

/** Puts a kept compilation back into the sandbox. Null when nothing is kept or it does not go in. */
const restore = async (
  { request, files, paths }: CompileWork,
  store: CompiledStore | null,
  key: string,
): Promise<Compilation | null> => {
  const kept = (await store?.read(key)) ?? null;
  if (kept === null) return null;
  const all = { ...kept.made, files: [...files, ...kept.made.files] };
  const artifact = await makeArtifact(request, all, request.signal);
  await unlessCancelled(request, artifact);
  return artifact === null ? null : succeeded(artifact, paths, { ...kept.report, cached: true });
};

/** An artifact that nobody waits for any more must not stay behind. */
const unlessCancelled = async (
  { sandbox, signal }: CompileRequest,
  artifact: Artifact | null,
): Promise<void> => {
  if (signal.aborted && artifact !== null) await sandbox.forget(artifact.id).catch(() => 0);
  signal.throwIfAborted();
};

const succeeded = (
  { id, bytes, entries }: Artifact,
  paths: readonly string[],
  report: CompileReport,
): Compilation => ({
  succeeded: true,
  program: { artifact: { id, bytes, entries }, files: [], paths },
  report,
});

/**
 * Names everything that a compilation depends on: the organization and the version of the platform (the
 * cache's scope), the language, the image, the command with its environment, all files with their modes, and
 * every limit. Limits, because what compiled within one might not have within another: whether a submission
 * is told that it does not compile must not depend on who compiled it before.
 */
export const compileKey = (request: CompileRequest): string => {
  const { language, image, sources, extra, limits, cache } = request;
  const told = boxFiles(sources, extra);
  const command = language.compile(
    told.map((file) => file.path),
    request.options,
  );
  const files = withBeside(request, told);
  const hash = createHash("sha256");
  hash.update(JSON.stringify([cache?.scope ?? null, language.id, image, command, limits]));
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
