import { environment } from "../environment.ts";
import type { Command, LanguageOverhead, VersionProbe } from "../language.ts";
import { asArgument } from "../sources.ts";

const MiB = 1024 * 1024;

/**
 * Options for V8's heap, so that it collects garbage in time instead of running into the limit. The limit
 * is the box's: V8's own would end a program with an error that no verdict can be told from.
 */
export const heapOption = (memoryBytes: number | undefined): readonly string[] =>
  memoryBytes === undefined ? [] : [`--max-old-space-size=${Math.max(16, Math.floor(memoryBytes / MiB))}`];

// V8 would stop a recursion at 1 MB whatever the stack limit is. An eighth is left for functions that are
// not JavaScript; without a limit it is as if that were 64 MB.
const start = `stack=$(ulimit -s)
[ "$stack" -gt 0 ] 2>/dev/null || stack=65536
exec node --stack-size=$((stack / 8 * 7)) "$@"`;

export const runNode = (
  file: string,
  args: readonly string[],
  memoryBytes: number | undefined,
  options: readonly string[] = [],
): Command => ({
  argv: ["sh", "-c", start, "node", ...heapOption(memoryBytes), ...options, asArgument(file), ...args],
  env: environment,
});

/**
 * An empty program takes 11 MiB; the rest is for what V8's option does not count into the heap: young
 * objects and machine code. Six threads are V8's, four libuv's as soon as a file is read in the background.
 */
export const nodeOverhead: LanguageOverhead = { memoryBytes: 64 * MiB, processes: 10 };

export const nodeVersion: VersionProbe = {
  argv: ["node", "--version"],
  env: environment,
  parse: (stdout) => /^v(\d+\.\d+\.\d+)\s*$/.exec(stdout)?.[1] ?? null,
};
