import { createInterface } from "node:readline";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { KeeperAnswer } from "@assay/contracts";
import type { KeeperRequest } from "@assay/contracts";

export type KeeperProgress = Omit<Extract<KeeperAnswer, { type: "progress" }>, "type" | "id">;
type Wish =
  | Omit<Extract<KeeperRequest, { type: "fetch" }>, "id">
  | Omit<Extract<KeeperRequest, { type: "build" }>, "id">;

/** The keeper could not get the image; the message says why. */
export class KeeperFailed extends Error {
  override readonly name = "KeeperFailed";
}

/** Who gets images for this machine. */
export interface Keeper {
  /**
   * Resolves with the image's digest when it is there.
   *
   * @throws KeeperFailed; the signal's reason
   */
  get(wish: Wish, onProgress: (progress: KeeperProgress) => void, signal: AbortSignal): Promise<string>;
}

interface Pending {
  readonly onProgress: (progress: KeeperProgress) => void;
  readonly resolve: (digest: string) => void;
  readonly reject: (error: Error) => void;
}

/** The keeper at the other end of a stream. A stream that ends fails whatever is asked of it. */
export class KeeperConnection implements Keeper, Disposable {
  readonly #stream: Duplex;
  readonly #pending = new Map<number, Pending>();
  #last = 0;
  #gone: KeeperFailed | null = null;

  constructor(stream: Duplex) {
    this.#stream = stream;
    const lost = (): void => this.#lose();
    stream.on("error", lost).on("close", lost).on("end", lost);
    createInterface({ input: stream }).on("line", (line) => this.#hear(line));
  }

  /** Over an inherited descriptor. */
  static inherited(descriptor: number): KeeperConnection {
    return new KeeperConnection(new Socket({ fd: descriptor, readable: true, writable: true }));
  }

  async get(
    wish: Wish,
    onProgress: (progress: KeeperProgress) => void,
    signal: AbortSignal,
  ): Promise<string> {
    signal.throwIfAborted();
    if (this.#gone !== null) throw this.#gone;
    const id = ++this.#last;
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const withdraw = (): void => {
      if (this.#pending.delete(id)) this.#say({ type: "cancel", id });
      reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
    };
    this.#pending.set(id, { onProgress, resolve, reject });
    signal.addEventListener("abort", withdraw, { once: true });
    this.#say({ ...wish, id });
    try {
      return await promise;
    } finally {
      this.#pending.delete(id);
      signal.removeEventListener("abort", withdraw);
    }
  }

  [Symbol.dispose](): void {
    this.#stream.destroy();
  }

  #say(request: KeeperRequest): void {
    if (this.#gone === null) this.#stream.write(`${JSON.stringify(request)}\n`);
  }

  #hear(line: string): void {
    let answer: KeeperAnswer;
    try {
      answer = KeeperAnswer.parse(JSON.parse(line));
    } catch {
      // The keeper is another process of the same version: what it did not mean to say is a line of garbage.
      return;
    }
    const pending = this.#pending.get(answer.id);
    if (answer.type === "progress") {
      const { state, done, total, message } = answer;
      pending?.onProgress({ state, done, total, message });
    } else if (answer.type === "done") pending?.resolve(answer.digest);
    else pending?.reject(new KeeperFailed(answer.reason));
  }

  #lose(): void {
    if (this.#gone !== null) return;
    this.#gone = new KeeperFailed("the keeper of this machine's images is gone");
    for (const { reject } of this.#pending.values()) reject(this.#gone);
  }
}
