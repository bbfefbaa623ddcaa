import type { Watch } from "./hub.ts";

/** A lost hint costs at most so long, ms. */
const rereadMs = 2_000;

/**
 * Reads until the value is `done`, the time is over, or the signal aborts: at once at the start
 * (not when what is waited for `isNew` and can't be done yet), at each news, and after a while without.
 *
 * @returns the last value that was read
 */
export async function readUntil<Value>(
  watch: Watch,
  read: () => Promise<Value>,
  done: (value: Value) => boolean,
  options: { readonly seconds: number; readonly signal: AbortSignal; readonly isNew?: boolean },
): Promise<Value> {
  const end = performance.now() + options.seconds * 1000;
  if (options.isNew === true && options.seconds > 0)
    await watch.next(Math.min(options.seconds * 1000, rereadMs), options.signal);
  for (;;) {
    const value = await read();
    const leftMs = end - performance.now();
    if (done(value) || leftMs <= 0 || options.signal.aborted) return value;
    await watch.next(Math.min(leftMs, rereadMs), options.signal);
  }
}
