import { createHash } from "node:crypto";
import type { CompileReport, Limits, Outcome, SourceFile } from "@assay/contracts";
import { diagnoseCompilation } from "@assay/languages";
import type { CompileCommand, Language } from "@assay/languages";
import { SandboxError, captured, standardStreams } from "@assay/sandbox";
import type { Artifact, ArtifactId, BoxFile, CollectedFile, Sandbox } from "@assay/sandbox";
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
  /** Everything that the compiler made. */
  readonly outputs: readonly { readonly path: string; readonly content: Uint8Array }[];
}

/** Compilations that outlive the sandbox in which they were made. It may forget any of them. */
export interface CompiledStore {
  /** The most that the outputs of one compilation may have together, bytes. */
  readonly maxEntryBytes: number;
  /** Null as well for one that is not as it was written. */
  read(key: string): Promise<KeptCompilation | null>;
  /** Returns at once; what can't be written is left out. */
  write(key: string, kept: KeptCompilation): void;
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
  const store = keeping?.cache.store ?? null;
  const result = await request.sandbox.run(
    {
      ...boxOf(request, command.env),
      argv: asArgv(command.argv),
      limits,
      files,
      collect:
        store === null || command.outputs.length === 0
          ? null
          : { paths: command.outputs, maxBytes: store.maxEntryBytes, maxBytesEach: null, truncate: false },
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
    diagnostics: diagnoseCompilation(request.language.messages, output, files),
  };
  if (artifact === null) return { succeeded: false, report };
  if (store !== null && keeping !== null && isAllThere(files, result.collected, artifact))
    store.write(keeping.key, {
      report,
      outputs: result.collected.map(({ path, content }) => ({ path, content })),
    });
  const { id, bytes, entries } = artifact;
  return { succeeded: true, program: { artifact: { id, bytes, entries }, files: [], paths }, report };
};

const boxOf = ({ image, limits }: CompileRequest, env: CompileCommand["env"]) => ({
  image,
  env,
  fds: standardStreams({
    stdin: new Uint8Array(),
    outputBytes: limits.outputBytes,
    onOutputLimit: "discard",
  }),
  base: null,
  keep: { maxBytes: limits.diskBytes },
  cpus: null,
  cpuRate: null,
  // Compilers know how to go on with fewer processes.
  stopAtProcessLimit: false,
});

/**
 * Whether an artifact holds nothing but what lay there before and the outputs that were collected, by
 * number and size: otherwise it could not be put together again from these.
 */
const isAllThere = (
  before: readonly BoxFile[],
  collected: readonly CollectedFile[],
  { bytes, entries, skipped }: Artifact,
): boolean => {
  if (skipped > 0 || collected.length === 0 || collected.some(({ state }) => state !== "ok")) return false;
  const sizes = new Map<string, number>();
  for (const { path, content } of [...before, ...collected]) sizes.set(path, content.byteLength);
  const directories = new Set([...sizes.keys()].flatMap(directoriesOf));
  return (
    entries === sizes.size + directories.size && bytes === sizes.values().reduce((sum, size) => sum + size, 0)
  );
};

/** "a", "a/b" of "a/b/c". */
const directoriesOf = (path: string): string[] =>
  path
    .split("/")
    .slice(0, -1)
    .map((_, index, names) => names.slice(0, index + 1).join("/"));

/**
 * Puts a kept compilation back into the sandbox: a box that gets the files and does nothing leaves them as
 * an artifact. Null when nothing is kept or it does not go in; then it is compiled.
 */
const restore = async (
  { request, command, files, paths }: CompileWork,
  store: CompiledStore | null,
  key: string,
): Promise<Compilation | null> => {
  const kept = (await store?.read(key)) ?? null;
  if (kept === null) return null;
  const { signal } = request;
  const outputs = kept.outputs.map(({ path, content }) => ({ path, mode: 0o755, content }));
  const made = new Set(outputs.map(({ path }) => path));
  const all = [...files.filter(({ path }) => !made.has(path)), ...outputs];
  const { artifact } = await request.sandbox.run(
    {
      ...boxOf(request, command.env),
      argv: ["true"],
      limits: limitsOfBox(request.limits, null, all),
      files: all,
      collect: null,
    },
    { signal },
  );
  signal.throwIfAborted();
  if (artifact === null) return null;
  const { id, bytes, entries } = artifact;
  return {
    succeeded: true,
    program: { artifact: { id, bytes, entries }, files: [], paths },
    report: { ...kept.report, cached: true },
  };
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
