import type { Client } from "@assay/client";
import { routes } from "@assay/contracts";
import type { ImageOffer, JobEventBody, PublishedImage } from "@assay/contracts";
import type { Language } from "@assay/languages";
import type { Logger } from "pino";
import { ImageNotHad } from "../attempts/endings.ts";
import type { Clock } from "../clock.ts";
import type { Keeper, KeeperProgress } from "./keeper.ts";
import { throttled } from "./throttle.ts";

export interface SupplyOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly log: Logger;
  readonly keeper: Keeper;
  /** Recipes from which the keeper may build what nobody published. */
  readonly builds: ReadonlySet<string>;
  /** Looks at an image that came; resolves with what is wrong with it, or null. */
  readonly arrived: (name: string, signal: AbortSignal) => Promise<string | null>;
  /** What can be had is not what it was. */
  readonly changed: () => void;
}

/** A job that can't go on without an image. */
export interface Waiter {
  /** Of its language, as it was published. */
  readonly version: string | null;
  readonly emit: (event: JobEventBody) => void;
  readonly signal: AbortSignal;
}

type Tell = (progress: KeeperProgress, urgent: boolean) => void;

interface Getting {
  readonly waiters: Set<Tell>;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
  /** What was told last, for who joins. */
  latest: KeeperProgress;
}

interface Failure {
  readonly reason: string;
  /** On the clock; not asked for again before. */
  readonly until: number;
  readonly tries: number;
}

const EVENT_EVERY_MS = 500;
const FIRST_REST_MS = 30_000;
const LONGEST_REST_MS = 30 * 60_000;
const LOOK_TIMEOUT_MS = 15_000;

/**
 * The images that this machine lacks and can get, and the jobs that wait for them.
 *
 * - All jobs that need an image at the same time wait for one fetch; when the last of them stops
 *   waiting, it stops as well.
 * - An image that could not be had is not asked for again for a while: 30 s, doubled each time up to
 *   half an hour. Its languages are not offered meanwhile, and the offer says why.
 */
export class ImageSupply implements Disposable {
  readonly #options: SupplyOptions;
  readonly #stopped = new AbortController();
  readonly #getting = new Map<string, Getting>();
  readonly #failures = new Map<string, Failure>();
  /** The newest of each name. */
  #published = new Map<string, PublishedImage>();

  constructor(options: SupplyOptions) {
    this.#options = options;
  }

  [Symbol.dispose](): void {
    this.#stopped.abort(new Error("the runner has stopped"));
    for (const { stop } of this.#getting.values()) stop.abort(this.#stopped.signal.reason);
  }

  /** Asks the server what is published. True when that has changed. */
  async look(signal: AbortSignal): Promise<boolean> {
    const { client } = this.#options;
    const { items } = await client.call(routes.listImagesForRunner, { signal, timeoutMs: LOOK_TIMEOUT_MS });
    // The newest come first.
    const published = new Map(items.toReversed().map((image) => [image.name, image]));
    const changed = key(published) !== key(this.#published);
    this.#published = published;
    return changed;
  }

  /** How an image that is missing here is offered. */
  offer(missing: ImageOffer): ImageOffer {
    const { name } = missing;
    const reason = this.whyNot(name);
    if (reason !== null) return { ...missing, reason };
    const image = this.#published.get(name);
    if (image !== undefined) {
      const megabytes = Math.ceil(image.transferBytes / 1e6);
      const text = `The image "${name}" is fetched from the server (${megabytes} MB) when a job needs it.`;
      return { name, digest: image.digest, state: "fetchable", reason: text };
    }
    if (!this.#options.builds.has(name)) return missing;
    const text = `The image "${name}" is built here when a job needs it.`;
    return { name, digest: null, state: "fetchable", reason: text };
  }

  /** The name of a published image by its name or digest; null when nobody published it. */
  nameOf(image: string): string | null {
    if (this.#published.has(image)) return image;
    return this.#published.values().find(({ digest }) => digest === image)?.name ?? null;
  }

  /** The version in which a language comes with its image, as far as that is known; null when it does not. */
  version({ id, image, release }: Language): string | null {
    const published = this.#published.get(image);
    if (published === undefined) return this.#options.builds.has(image) ? release : null;
    return published.languages.find((language) => language.id === id)?.version ?? null;
  }

  /** Why an image is not asked for now though it could be had; null when nothing stands against it. */
  whyNot(name: string): string | null {
    const failure = this.#failures.get(name);
    if (failure === undefined) return null;
    const seconds = Math.ceil((failure.until - this.#options.clock.now()) / 1000);
    if (seconds <= 0) return null;
    return `The image "${name}" could not be had: ${failure.reason}. It is asked for again in ${seconds} s.`;
  }

  /**
   * Resolves when the image is here and its languages were looked at; the job's story tells how far it is.
   *
   * @throws ImageNotHad; the waiter's signal's reason
   */
  async get(name: string, waiter: Waiter): Promise<void> {
    waiter.signal.throwIfAborted();
    const reason = this.whyNot(name);
    if (reason !== null) throw new ImageNotHad(reason);
    const getting = this.#getting.get(name) ?? this.#start(name);
    const digest = this.#published.get(name)?.digest ?? null;
    const event = (progress: KeeperProgress): void =>
      waiter.emit({ type: "image", name, version: waiter.version, digest, ...progress });
    const tell = throttled(this.#options.clock, EVENT_EVERY_MS, event);
    const left = Promise.withResolvers<never>();
    const leave = (): void => left.reject(waiter.signal.reason);
    waiter.signal.addEventListener("abort", leave, { once: true });
    getting.waiters.add(tell);
    tell(getting.latest, true);
    try {
      await Promise.race([getting.ended, left.promise]);
    } finally {
      waiter.signal.removeEventListener("abort", leave);
      getting.waiters.delete(tell);
      if (getting.waiters.size === 0) getting.stop.abort(new Error("no job waits for it any more"));
    }
  }

  #start(name: string): Getting {
    const { log } = this.#options;
    const stop = new AbortController();
    if (this.#stopped.signal.aborted) stop.abort(this.#stopped.signal.reason);
    const begin = Promise.withResolvers<void>();
    const getting: Getting = {
      waiters: new Set(),
      stop,
      ended: begin.promise.then(() => this.#get(name, getting)),
      latest: { state: "waiting", done: 0, total: null, message: "" },
    };
    this.#getting.set(name, getting);
    log.info({ image: name }, "a job needs an image that is not here");
    // Its waiters hear of a failure; when all have left, nobody does.
    getting.ended.catch(() => {});
    // Who was aborted and is still on its way out must not be joined.
    const forget = (): void => {
      if (this.#getting.get(name) === getting) this.#getting.delete(name);
    };
    stop.signal.addEventListener("abort", forget, { once: true });
    getting.ended.then(forget, forget);
    begin.resolve();
    return getting;
  }

  async #get(name: string, getting: Getting): Promise<void> {
    const { keeper, arrived, changed, log } = this.#options;
    const { signal } = getting.stop;
    const tell = (progress: KeeperProgress, urgent: boolean): void => {
      getting.latest = progress;
      for (const waiter of getting.waiters) waiter(progress, urgent);
    };
    try {
      const published = this.#published.get(name);
      const wish =
        published === undefined
          ? ({ type: "build", name } as const)
          : ({ type: "fetch", name, digest: published.digest } as const);
      // A step may be over within half a second, and is told nonetheless.
      const heard = (progress: KeeperProgress): void =>
        tell(progress, progress.state !== getting.latest.state);
      const digest = await keeper.get(wish, heard, signal);
      const wrong = await arrived(name, signal);
      signal.throwIfAborted();
      if (wrong !== null) throw new Error(wrong);
      this.#failures.delete(name);
      log.info({ image: name, digest }, "the image is here");
      const { total } = getting.latest;
      tell({ state: "ready", done: total ?? getting.latest.done, total, message: "" }, true);
    } catch (error) {
      if (signal.aborted) throw error;
      const failure = this.#fail(name, error instanceof Error ? error.message : String(error));
      log.warn({ err: error, image: name }, "the image could not be had");
      tell({ ...getting.latest, state: "failed", message: failure.reason }, true);
      throw new ImageNotHad(`the image ${name} could not be had: ${failure.reason}`, { cause: error });
    } finally {
      changed();
    }
  }

  #fail(name: string, reason: string): Failure {
    const { clock, changed } = this.#options;
    const tries = (this.#failures.get(name)?.tries ?? 0) + 1;
    const restMs = Math.min(FIRST_REST_MS * 2 ** (tries - 1), LONGEST_REST_MS);
    const failure: Failure = { reason: reason.replace(/\.$/, ""), until: clock.now() + restMs, tries };
    this.#failures.set(name, failure);
    const { signal } = this.#stopped;
    void clock.sleep(restMs, signal).then(() => signal.aborted || changed());
    return failure;
  }
}

/** What of the published images this runner goes by. */
const key = (images: ReadonlyMap<string, PublishedImage>): string =>
  JSON.stringify([...images.values()].map((image) => [image.name, image.digest, image.languages]));
