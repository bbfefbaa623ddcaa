import type { Sandbox } from "@assay/sandbox";
import { artifactBytes } from "./box-limits.ts";
import { forgetProgram } from "./compile.ts";
import type { CachedCompilation, CompileCache, Compilation, CompiledStore } from "./compile.ts";

export interface CompileCachesOptions {
  readonly maxEntries: number;
  /** Of all artifacts together, in whole pages: a directory of empty files is not for nothing. */
  readonly maxBytes: number;
  /** Version of what compiles: another one may compile the same otherwise. */
  readonly platform: string;
  /** What outlives the sandbox; null = nothing does. */
  readonly store: CompiledStore | null;
}

/** What one sandbox compiled, for several organizations that see nothing of each other's. */
export interface CompileCaches {
  of(organizationId: string): CompileCache;
}

/** How a compilation ended that others waited for. */
type Ending = "made" | "failed" | "gone";

/**
 * Caches in the order of their entries' last use, with one size for all organizations. What falls out is
 * forgotten in the sandbox too, so that artifacts never fill its disk.
 *
 * The organization is a part of every key, because `compileKey` takes the scope of the cache that a request
 * goes to: there is no key under which two organizations could meet.
 */
export const compileCaches = (
  sandbox: Sandbox,
  { maxEntries, maxBytes, platform, store }: CompileCachesOptions,
): CompileCaches => {
  const entries = new Map<string, CachedCompilation>();
  const underWay = new Map<string, Promise<Ending>>();
  let bytes = 0;
  const remove = (key: string): void => {
    const entry = entries.get(key);
    if (entry === undefined) return;
    entries.delete(key);
    bytes -= sizeOf(entry);
    void forgetProgram(sandbox, entry.program);
  };
  const get = (key: string): CachedCompilation | null => {
    const entry = entries.get(key);
    if (entry === undefined) return null;
    entries.delete(key);
    entries.set(key, entry);
    return entry;
  };
  const set = (key: string, entry: CachedCompilation): void => {
    entries.set(key, entry);
    bytes += sizeOf(entry);
    for (const oldest of entries.keys()) {
      if (oldest === key || (entries.size <= maxEntries && bytes <= maxBytes)) break;
      remove(oldest);
    }
  };
  const known = (key: string): Compilation | null => {
    const entry = get(key);
    if (entry === null) return null;
    return { succeeded: true, program: entry.program, report: { ...entry.report, cached: true } };
  };
  /** Compiles, and keeps what came of it unless somebody was faster: to replace that would take it away. */
  const make = async (key: string, compile: () => Promise<Compilation>): Promise<Compilation> => {
    const compilation = await compile();
    if (!compilation.succeeded || compilation.report === null) return compilation;
    const { program, report } = compilation;
    const shared = get(key);
    if (shared === null) set(key, { program, report });
    else await forgetProgram(sandbox, program);
    return { ...compilation, program: shared?.program ?? program };
  };
  const lead = async (key: string, compile: () => Promise<Compilation>): Promise<Compilation> => {
    const { promise, resolve } = Promise.withResolvers<Ending>();
    underWay.set(key, promise);
    let ending: Ending = "gone";
    try {
      const compilation = await make(key, compile);
      ending = compilation.succeeded ? "made" : "failed";
      return compilation;
    } finally {
      underWay.delete(key);
      resolve(ending);
    }
  };
  const obtain: CompileCache["obtain"] = async (key, compile, signal) => {
    for (;;) {
      signal.throwIfAborted();
      const found = known(key);
      if (found !== null) return found;
      const leader = underWay.get(key);
      if (leader === undefined) return lead(key, compile);
      // One that was cancelled or whose sandbox died says nothing: then somebody else leads. What did not
      // compile is compiled by each for itself, side by side, for it may have been the machine's fault.
      if ((await unlessAborted(leader, signal)) === "failed") return make(key, compile);
    }
  };
  const drop: CompileCache["drop"] = (key, lost) => {
    if (entries.get(key)?.program === lost) remove(key);
  };
  return {
    of: (organizationId) => ({ scope: JSON.stringify([platform, organizationId]), store, obtain, drop }),
  };
};

const sizeOf = (entry: CachedCompilation): number =>
  entry.program.artifact === null ? 0 : artifactBytes(entry.program.artifact);

/** Rejects with the signal's reason when that comes first. */
const unlessAborted = async <Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> => {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(signal.reason as Error);
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
};
