/** A distribution of times, ms. */
export interface Distribution {
  readonly samples: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export function distribution(values: readonly number[]): Distribution {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (fraction: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? Number.NaN;
  return { samples: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/** How long each of `count` calls took, one after the other, ms. */
export async function timeEach(count: number, call: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    const since = performance.now();
    await call();
    times.push(performance.now() - since);
  }
  return times;
}

/** Calls per second with `inFlight` at once, for `seconds`. */
export async function rate(inFlight: number, seconds: number, call: () => Promise<unknown>): Promise<number> {
  const since = performance.now();
  const until = since + seconds * 1000;
  let done = 0;
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (performance.now() < until) {
        await call();
        done++;
      }
    }),
  );
  return done / ((performance.now() - since) / 1000);
}
