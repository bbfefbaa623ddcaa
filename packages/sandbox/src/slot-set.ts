import { SandboxError } from "./error.ts";

/** What frees memory goes before what needs it. */
export type SlotUse = "forget" | "run";

interface Usable {
  /** False when it has ended. */
  readonly usable: boolean;
}

interface Waiting<Connection> {
  count: number;
  grant: (connections: Connection[]) => void;
  reject: (reason: unknown) => void;
}

/**
 * The connections that are there, and who waits for them.
 *
 * A connection is in `#idle`, or granted to one taker until it is offered again. Runs are served in
 * the order of their coming: free connections gather for a taker of many who is first, so that nobody
 * waits for ever and no two takers hold half of what they need. Only who needs more connections than
 * there are now is passed over; patience with that, and with having none at all, is limited.
 */
export class SlotSet<Connection extends Usable> {
  #patienceMs: number;
  #connected = new Set<Connection>();
  #idle: Connection[] = [];
  #waiting: Readonly<Record<SlotUse, Set<Waiting<Connection>>>> = { forget: new Set(), run: new Set() };
  #patience: NodeJS.Timeout | null = null;
  #lost: SandboxError | null = null;

  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
  }

  get connected(): readonly Connection[] {
    return [...this.#connected];
  }

  /** So many connections at once; each was usable when it was granted. Rejects with the signal's reason. */
  take(use: SlotUse, count: number, signal: AbortSignal | null): Connection[] | Promise<Connection[]> {
    const queue = this.#waiting[use];
    return (queue.size === 0 ? this.#takeIdle(count) : null) ?? this.#wait(queue, count, signal);
  }

  /** Gives a connection back. One that has ended is dropped. */
  offer(connection: Connection): void {
    if (!connection.usable) return;
    this.#idle.push(connection);
    this.#serve();
  }

  attach(connection: Connection): void {
    this.#connected.add(connection);
    this.#lost = null;
    this.offer(connection);
    this.#watchPatience();
  }

  detach(connection: Connection): void {
    this.#connected.delete(connection);
    this.#idle = this.#idle.filter((other) => other !== connection);
    // Whoever waited for it may not be the first any more who can be served.
    this.#serve();
    this.#watchPatience();
  }

  /** Rejects all who wait, and who come as long as nothing is attached. */
  giveUp(reason: SandboxError): void {
    this.#stopPatience();
    this.#lost = reason;
    this.#reject(() => true, reason);
  }

  #takeIdle(count: number): Connection[] | null {
    if (this.#idle.length < count) return null;
    this.#idle = this.#idle.filter((connection) => connection.usable);
    // Whoever has been idle for longest has put its last box away and has the next one ready.
    return this.#idle.length < count ? null : this.#idle.splice(0, count);
  }

  #wait(queue: Set<Waiting<Connection>>, count: number, signal: AbortSignal | null): Promise<Connection[]> {
    if (this.#lost !== null) return Promise.reject(this.#lost);
    const { promise, resolve, reject } = Promise.withResolvers<Connection[]>();
    const abort = (): void => {
      queue.delete(waiting);
      reject(signal?.reason);
      this.#serve();
    };
    const waiting: Waiting<Connection> = {
      count,
      grant: (connections) => {
        signal?.removeEventListener("abort", abort);
        resolve(connections);
      },
      reject: (reason) => {
        signal?.removeEventListener("abort", abort);
        reject(reason);
      },
    };
    signal?.addEventListener("abort", abort, { once: true });
    queue.add(waiting);
    // Those before may need more than there is.
    this.#serve();
    this.#watchPatience();
    return promise;
  }

  #serve(): void {
    for (const queue of [this.#waiting.forget, this.#waiting.run]) {
      for (const next of queue) {
        if (next.count > this.#connected.size) continue;
        const connections = this.#takeIdle(next.count);
        if (connections === null) break;
        queue.delete(next);
        next.grant(connections);
      }
    }
  }

  #isHopeless = ({ count }: Waiting<Connection>): boolean => count > this.#connected.size;

  #watchPatience(): void {
    if (this.#lost !== null) return;
    const hopeless =
      this.#connected.size === 0 || [...this.#waiting.run].some((waiting) => this.#isHopeless(waiting));
    if (!hopeless) this.#stopPatience();
    else this.#patience ??= setTimeout(() => this.#loseHope(), this.#patienceMs);
  }

  #loseHope(): void {
    if (this.#connected.size === 0) {
      this.giveUp(new SandboxError("unavailable", "sandboxd is gone and did not come back"));
      return;
    }
    this.#stopPatience();
    const missing = new SandboxError("unavailable", "slots of sandboxd are gone and did not come back");
    this.#reject(this.#isHopeless, missing);
  }

  #stopPatience(): void {
    if (this.#patience !== null) clearTimeout(this.#patience);
    this.#patience = null;
  }

  #reject(which: (waiting: Waiting<Connection>) => boolean, reason: SandboxError): void {
    for (const queue of [this.#waiting.forget, this.#waiting.run]) {
      for (const waiting of queue) {
        if (!which(waiting)) continue;
        queue.delete(waiting);
        waiting.reject(reason);
      }
    }
  }
}
