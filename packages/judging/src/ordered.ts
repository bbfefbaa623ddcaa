/**
 * Runs `items` in parallel and hands their results over in order, each as soon as all before it are
 * done. With `stopAt`, the first result in order for which it holds is the last one handed over:
 * items after it are cancelled or never started, whichever of them had been faster. So the outcome
 * does not depend on how many run at once.
 *
 * Rejects with the first error of `run`, after everything that was started has ended, unless the result
 * at which to stop came before the item that failed.
 */
export const runOrdered = async <Item, Result>(options: {
  readonly items: readonly Item[];
  readonly parallel: number;
  readonly signal: AbortSignal;
  readonly run: (item: Item, signal: AbortSignal) => Promise<Result>;
  readonly stopAt: (result: Result) => boolean;
  readonly onResult: (result: Result) => void;
}): Promise<void> => {
  const { items, signal, run, stopAt, onResult } = options;
  const done = new Map<number, { readonly result: Result }>();
  const running = new Map<number, AbortController>();
  const failures: { readonly index: number; readonly error: unknown }[] = [];
  /** Nothing behind this index is of interest any more. */
  let last = items.length - 1;
  const queue = items.entries();
  let handedOver = 0;

  const cancelBehind = (index: number): void => {
    for (const [other, controller] of running) if (other > index) controller.abort();
  };
  const handOver = (): void => {
    for (;;) {
      const ready = handedOver <= last ? done.get(handedOver) : undefined;
      if (ready === undefined) return;
      done.delete(handedOver);
      handedOver++;
      onResult(ready.result);
    }
  };
  const work = async (): Promise<void> => {
    // One iterator for all workers: each item is taken once.
    for (const [index, item] of queue) {
      if (index > last || failures.length > 0) return;
      const controller = new AbortController();
      running.set(index, controller);
      try {
        const result = await run(item, AbortSignal.any([signal, controller.signal]));
        if (index > last) continue;
        done.set(index, { result });
        if (stopAt(result)) {
          last = index;
          cancelBehind(index);
        }
        handOver();
      } catch (error) {
        // An item that nobody waits for any more may fail as it likes: it was told to.
        if (index <= last) {
          failures.push({ index, error });
          cancelBehind(-1);
        }
      } finally {
        running.delete(index);
      }
    }
  };
  const workers = Math.max(1, Math.min(options.parallel, items.length));
  await Promise.all(Array.from({ length: workers }, work));
  signal.throwIfAborted();
  // The first is the cause of those that follow it: they were cancelled for it.
  if (failures.some(({ index }) => index <= last)) throw failures[0]?.error;
};
