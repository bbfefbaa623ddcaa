import { Worker } from "node:worker_threads";

interface ThreadPoolOptions {
  /** What each thread runs: it answers every task that it is sent with one message. */
  readonly entry: URL;
  /** Threads that are kept for the next task; starting one takes longer than most tasks. */
  readonly maxIdle: number;
  /** Of one thread's heap. */
  readonly heapMiB: number;
}

/**
 * Threads for work on untrusted data that could keep the event loop, and with it a runner's heartbeat,
 * from its turn. A thread that takes too long or too much memory is ended.
 */
export class ThreadPool<Task, Result> {
  readonly #options: ThreadPoolOptions;
  readonly #idle: Worker[] = [];

  constructor(options: ThreadPoolOptions) {
    this.#options = options;
  }

  /** The thread's answer, or an Error that says why there is none. */
  async run(task: Task, deadlineMs: number): Promise<Result | Error> {
    const worker = this.#idle.pop() ?? this.#start();
    worker.ref();
    const { promise, resolve } = Promise.withResolvers<Result | Error>();
    const onMessage = (result: Result): void => resolve(result);
    const onError = (error: Error): void => resolve(error);
    const onExit = (): void => resolve(new Error("its thread ended"));
    worker.on("message", onMessage).on("error", onError).on("exit", onExit);
    const late = (): void => resolve(new Error(`it takes longer than ${deadlineMs / 1000} s`));
    const timer = setTimeout(late, deadlineMs);
    // Threads have no origins.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    worker.postMessage(task);
    const result = await promise;
    clearTimeout(timer);
    worker.off("message", onMessage).off("error", onError).off("exit", onExit);
    if (result instanceof Error) {
      // A thread in the middle of something fails once more when it is ended; nobody waits for it.
      worker.on("error", () => undefined);
      await worker.terminate();
    } else if (this.#idle.length < this.#options.maxIdle) {
      worker.unref();
      this.#idle.push(worker);
    } else await worker.terminate();
    return result;
  }

  #start(): Worker {
    const worker = new Worker(this.#options.entry, {
      resourceLimits: { maxOldGenerationSizeMb: this.#options.heapMiB },
      // Nothing of the environment is needed there.
      env: {},
      execArgv: [],
    });
    worker.once("exit", () => {
      const place = this.#idle.indexOf(worker);
      if (place !== -1) this.#idle.splice(place, 1);
    });
    return worker;
  }
}
