import type { Sandbox } from "@assay/sandbox";
import type { CachedCompilation, CompileCache } from "./compile.ts";

/**
 * A cache of compilations in the order of their last use. What falls out is forgotten in the
 * sandbox too, so that artifacts never fill its disk.
 *
 * @param maxBytes of all artifacts together
 */
export const leastRecentlyUsedCache = (
  sandbox: Sandbox,
  { maxEntries, maxBytes }: { readonly maxEntries: number; readonly maxBytes: number },
): CompileCache => {
  const entries = new Map<string, CachedCompilation>();
  let bytes = 0;
  const remove = (key: string): void => {
    const entry = entries.get(key);
    if (entry === undefined) return;
    entries.delete(key);
    bytes -= sizeOf(entry);
    const artifact = entry.program.artifact;
    // A sandbox that is gone has forgotten it already.
    if (artifact !== null) sandbox.forget(artifact.id).catch(() => undefined);
  };
  return {
    get: (key) => {
      const entry = entries.get(key);
      if (entry === undefined) return null;
      entries.delete(key);
      entries.set(key, entry);
      return entry;
    },
    set: (key, entry) => {
      remove(key);
      entries.set(key, entry);
      bytes += sizeOf(entry);
      for (const oldest of entries.keys()) {
        if (oldest === key || (entries.size <= maxEntries && bytes <= maxBytes)) break;
        remove(oldest);
      }
    },
    drop: (key, lost) => {
      if (entries.get(key)?.program === lost) remove(key);
    },
  };
};

const sizeOf = (entry: CachedCompilation): number => entry.program.artifact?.bytes ?? 0;
