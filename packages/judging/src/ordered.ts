/**
 * What is to be done in order, of which not everything may turn out to be needed.
 *
 * Items are handed over one by one, in order; whether the next one is needed depends on those before
 * it and on nothing else. So what is handed over never depends on how many run at once.
 */
export interface Agenda<Result> {
  readonly count: number;
  /** Whether the item is needed that comes behind all that were handed over. */
  isNeeded(index: number): boolean;
  /** The result of the next item; null when it was not needed. */
  handOver(index: number, result: Result | null): Promise<void> | void;
  /**
   * The items from `index` on that are needed as far as `known` results tell, in order. What it says
   * may prove wrong; then something was run in vain, or is run later.
   */
  ahead(index: number, known: (index: number) => Result | null): Iterable<number>;
}

/**
 * Does what an agenda needs, in parallel, and hands results over in order, each as soon as all before
 * it are done. What turns out not to be needed is cancelled or never started.
 *
 * Rejects with the first error of `run`, after everything that was started has ended, unless what
 * failed proves not to be needed; and with the signal's reason.
 */
export const runOrdered = async <Result>(options: {
  readonly agenda: Agenda<Result>;
  readonly parallel: number;
  readonly signal: AbortSignal;
  readonly run: (index: number, signal: AbortSignal) => Promise<Result>;
}): Promise<void> => {
  const { agenda, signal } = options;
  const parallel = Math.max(1, options.parallel);
  const done = new Map<number, { readonly result: Result }>();
  const running = new Map<number, AbortController>();
  const failures: { readonly index: number; readonly error: unknown }[] = [];
  const unneeded = new Set<AbortController>();
  let next = 0;
  let changed = Promise.withResolvers<void>();

  const start = (index: number): void => {
    const controller = new AbortController();
    running.set(index, controller);
    const run = async (): Promise<void> => {
      try {
        const result = await options.run(index, AbortSignal.any([signal, controller.signal]));
        if (!unneeded.has(controller)) done.set(index, { result });
      } catch (error) {
        // An item that nobody waits for any more may fail as it likes: it was told to.
        if (unneeded.has(controller)) return;
        failures.push({ index, error });
        for (const other of running.values()) other.abort();
      } finally {
        unneeded.delete(controller);
        running.delete(index);
        changed.resolve();
      }
    };
    void run();
  };
  const cancel = (index: number): void => {
    const controller = running.get(index);
    if (controller === undefined || unneeded.has(controller)) return;
    unneeded.add(controller);
    controller.abort();
  };
  const handOver = async (): Promise<void> => {
    for (; next < agenda.count; next++) {
      if (agenda.isNeeded(next)) {
        const ready = done.get(next);
        if (ready === undefined) return;
        await agenda.handOver(next, ready.result);
      } else {
        cancel(next);
        await agenda.handOver(next, null);
      }
      done.delete(next);
    }
  };
  const known = (index: number): Result | null => done.get(index)?.result ?? null;
  const startAhead = (): void => {
    const needed: number[] = [];
    const furthest = Math.max(...running.keys());
    for (const index of agenda.ahead(next, known)) {
      if (!done.has(index)) needed.push(index);
      if (needed.length >= parallel && index >= furthest) break;
    }
    for (const index of running.keys()) if (!needed.includes(index)) cancel(index);
    for (const index of needed) {
      if (running.size >= parallel) return;
      if (!running.has(index)) start(index);
    }
  };

  signal.throwIfAborted();
  try {
    for (;;) {
      await handOver();
      if (next === agenda.count) break;
      if (failures.length === 0) startAhead();
      if (running.size === 0) break;
      await changed.promise;
      changed = Promise.withResolvers<void>();
    }
  } finally {
    for (const index of running.keys()) cancel(index);
    for (; running.size > 0; changed = Promise.withResolvers<void>()) await changed.promise;
  }
  signal.throwIfAborted();
  // The first is the cause of those that follow it: they were cancelled for it.
  if (next < agenda.count) throw failures[0]?.error;
};
