import { once } from "node:events";
import type { Duplex } from "node:stream";
import { ApiError, type Client } from "@assay/client";
import {
  KeeperRequest,
  keeperLineBytes,
  routes,
  type KeeperAnswer,
  type PublishedImage,
} from "@assay/contracts";
import {
  ImageError,
  boundedLines,
  fetchImage,
  imageStore,
  readLock,
  recipeByName,
  recipeDigest,
  type BuildOptions,
  type BuildProgress,
  type FetchOptions,
  type Image,
  type Owner,
  type Recipe,
} from "@assay/images";
import { messageOf } from "../exit.ts";
import { serverSource } from "./server-source.ts";

export interface KeeperOptions {
  readonly images: string;
  /** With the token of the runner that it serves: what that may read, and nothing else. */
  readonly client: Client;
  readonly unpacker: Owner;
  /** Whether images may be built here that nobody published. */
  readonly builds: boolean;
  readonly log: (line: string) => void;
  readonly wait?: FetchOptions["wait"];
}

type Progress = Omit<Extract<KeeperAnswer, { type: "progress" }>, "type" | "id">;

/** More are asked for at once by nobody but a runner that has lost its mind. */
const mostRequests = 64;
/** What is told in between is old news when it arrives. */
const tellEveryMs = 200;

/**
 * Gets images for one runner, as root, because images belong to root and nobody else may write them.
 *
 * The runner reaches it over a socket that it inherits, and may say two things: get the image that the
 * server has published under this name and digest, or build the recipe of this name. So whoever takes
 * over a runner can fill the disk with images that the organization has published, and plant none.
 */
export class ImageKeeper implements AsyncDisposable {
  readonly #options: KeeperOptions;
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** Serves until the stream ends; then nothing of what it asked for goes on. */
  serve(stream: Duplex): void {
    const serving = this.#serve(stream).catch((error: unknown) => {
      this.#options.log(`the runner's requests for images can't be read: ${messageOf(error)}`);
    });
    this.#running.add(serving);
    void serving.then(() => this.#running.delete(serving));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort(new Error("the stack is stopping"));
    await Promise.all(this.#running);
    await this.#options.client[Symbol.asyncDispose]();
  }

  async #serve(stream: Duplex): Promise<void> {
    const gone = new AbortController();
    const leave = (): void => gone.abort(new Error("the runner is gone"));
    const stop = (): void => {
      leave();
      stream.destroy();
    };
    stream.on("error", leave).on("close", leave);
    this.#stopping.signal.addEventListener("abort", stop, { once: true });
    if (this.#stopping.signal.aborted) stop();
    const requests = new Map<number, { readonly stop: AbortController; readonly ended: Promise<void> }>();
    const say = (answer: KeeperAnswer): void => {
      if (answer.type === "progress" && stream.writableNeedDrain) return;
      if (stream.writable) stream.write(`${JSON.stringify(answer)}\n`);
    };
    try {
      for await (const line of boundedLines(stream, keeperLineBytes)) {
        // One that asks and never listens must not fill our memory with answers.
        if (stream.writableNeedDrain) await once(stream, "drain", { signal: gone.signal });
        const request = KeeperRequest.parse(JSON.parse(line));
        if (request.type === "cancel") requests.get(request.id)?.stop.abort(new Error("nobody waits for it"));
        else if (requests.has(request.id)) throw new Error(`two requests have the number ${request.id}`);
        else if (requests.size >= mostRequests)
          say({ type: "failed", id: request.id, reason: "too many images are asked for at once" });
        else {
          const stopOne = new AbortController();
          const signal = AbortSignal.any([stopOne.signal, gone.signal]);
          const ended = this.#answer(request, say, signal).then(() => void requests.delete(request.id));
          requests.set(request.id, { stop: stopOne, ended });
        }
      }
    } catch (error) {
      if (!gone.signal.aborted) throw error;
    } finally {
      stop();
      this.#stopping.signal.removeEventListener("abort", stop);
      await Promise.all([...requests.values()].map(({ ended }) => ended));
    }
  }

  /** Never rejects. */
  async #answer(
    request: Exclude<KeeperRequest, { type: "cancel" }>,
    say: (answer: KeeperAnswer) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const { id, name } = request;
    const { log } = this.#options;
    let last = Number.NEGATIVE_INFINITY;
    let state = "";
    const tell = (progress: Progress): void => {
      const now = performance.now();
      if (progress.state === state && now - last < tellEveryMs) return;
      [last, state] = [now, progress.state];
      say({ type: "progress", id, ...progress });
    };
    try {
      const digest =
        request.type === "fetch"
          ? await this.#fetch(name, request.digest, tell, signal)
          : await this.#build(name, tell, signal);
      log(`image ${name}: ${request.type === "fetch" ? "fetched" : "built"}, sha256:${digest.slice(0, 16)}…`);
      say({ type: "done", id, digest });
    } catch (error) {
      const reason = signal.aborted ? messageOf(signal.reason) : messageOf(error);
      log(`image ${name}: not ${request.type === "fetch" ? "fetched" : "built"}: ${reason}`);
      say({ type: "failed", id, reason: reason.slice(0, 4000) });
    }
  }

  async #fetch(
    name: string,
    digest: string,
    tell: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<string> {
    const { client, images, unpacker, wait } = this.#options;
    tell({ state: "waiting", done: 0, total: null, message: "" });
    const image = await client
      .call(routes.getImageForRunner, { params: { digest }, signal })
      .catch((error: unknown) => {
        if (error instanceof ApiError && error.status === 404)
          throw new ImageError("not_available", `the server has no image ${digest} any more`);
        throw error;
      });
    if (image.name !== name || image.digest !== digest)
      throw new ImageError("not_available", `the server's image ${digest} is ${image.name}, not ${name}`);
    const options: FetchOptions = {
      image,
      source: serverSource(client, digest),
      unpacker,
      signal,
      progress: (progress) => tell({ ...progress, message: "" }),
      ...(wait === undefined ? {} : { wait }),
    };
    try {
      await untilUnlocked(() => fetchImage(images, options), signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(await this.#buildFromLock(image, tell, signal))) throw error;
    }
    return digest;
  }

  /**
   * Makes an image whose parts can't be had from what it was made of; false where that is not possible.
   * Whoever published it wrote the lock, and what a lock names is run as root while it is built.
   */
  async #buildFromLock(
    image: PublishedImage,
    tell: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { builds, client, images, log } = this.#options;
    const recipe = builds ? recipeByName(image.name) : null;
    if (recipe === null || recipeDigest(recipe) !== image.recipe) return false;
    try {
      const lock = await readLock(serverSource(client, image.digest), image.config, signal);
      if (lock === null) return false;
      const built = await this.#store(recipe, { claimed: lock }, tell, signal);
      if (built.digest !== image.digest) log(`image ${image.name}: its lock gives ${built.digest}`);
      return built.digest === image.digest;
    } catch (error) {
      signal.throwIfAborted();
      log(`image ${image.name}: not built from its lock in ${images}: ${messageOf(error)}`);
      return false;
    }
  }

  async #build(name: string, tell: (progress: Progress) => void, signal: AbortSignal): Promise<string> {
    const recipe = this.#options.builds ? recipeByName(name) : null;
    if (recipe === null)
      throw new ImageError("not_available", `the image "${name}" may not be built here; see --build-images`);
    return (await this.#store(recipe, {}, tell, signal)).digest;
  }

  #store(
    recipe: Recipe,
    options: BuildOptions,
    tell: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<Image> {
    const progress = ({ done, total, message }: BuildProgress): void =>
      tell({ state: "building", done: Math.round(done), total, message: message.slice(0, 200) });
    const store = imageStore(this.#options.images);
    return untilUnlocked(() => store.build(recipe, { ...options, progress, signal }), signal);
  }
}

/** Somebody else on this machine gets the same image: what is here afterwards is found by trying again. */
async function untilUnlocked<T>(step: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await step();
    } catch (error) {
      // Each try waits for the lock by itself.
      if (!(error instanceof ImageError) || error.code !== "locked") throw error;
      signal.throwIfAborted();
    }
  }
}
