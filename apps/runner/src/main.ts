import { availableParallelism } from "node:os";
import { join } from "node:path";
import { createClient } from "@assay/client";
import { imageStore, recipes } from "@assay/images";
import { reportStore } from "@assay/judging";
import { languages } from "@assay/languages";
import type { Logger } from "pino";
import { calibrate } from "./calibration/calibrate.ts";
import { BlobCache } from "./caches/blob-cache.ts";
import { CompiledFiles } from "./caches/compiled-files.ts";
import { PackageCache } from "./caches/package-cache.ts";
import { systemClock } from "./clock.ts";
import type { RunnerConfig } from "./config.ts";
import { gvisorDriver, nativeDriver, wasmDriver } from "./executors/drivers.ts";
import type { Driver } from "./executors/drivers.ts";
import { executeOn } from "./executors/execute.ts";
import { machine } from "./executors/machine.ts";
import { KeeperConnection } from "./images/keeper.ts";
import { ImageSupply } from "./images/supply.ts";
import { createLog } from "./log.ts";
import { ChosenImages } from "./offers/chosen-image.ts";
import { Offers } from "./offers/offers.ts";
import { Session } from "./session/session.ts";
import { version } from "./version.ts";

export { BadConfiguration, configFromEnvironment } from "./config.ts";
export type { RunnerConfig } from "./config.ts";
export { TokenRefused } from "./session/session.ts";

export interface RunningRunner extends AsyncDisposable {
  readonly runnerId: string;
  readonly name: string;
  /** Resolves when the runner is drained; rejects when it can't go on. */
  readonly stopped: Promise<void>;
  /** Kills every box and says nothing more. */
  stopNow(): void;
}

/** How soon a runner sees what is published while it runs, ms. */
const LOOK_AT_IMAGES_MS = 30_000;
const nothing = (): void => {};
const PARSED_BYTES = 32 * 1024 * 1024;

/**
 * Starts a runner and waits until the server has registered it, however long the server takes to come.
 *
 * Aborting `signal` drains it; disposing drains and waits.
 *
 * @throws SandboxError when no sandboxd answers; TokenRefused; the signal's reason
 */
export async function startRunner(
  config: RunnerConfig,
  options: { signal: AbortSignal; log?: Logger },
): Promise<RunningRunner> {
  const log = options.log ?? createLog(config);
  const { signal } = options;
  signal.throwIfAborted();
  await using starting = new AsyncDisposableStack();
  const client = starting.use(createClient({ baseUrl: config.serverUrl, token: config.token }));
  const compiledFiles = await CompiledFiles.open({
    directory: join(config.cacheDirectory, "compiled"),
    maxBytes: config.compiledDiskBytes,
  });
  starting.use(compiledFiles);
  const native = await nativeDriver(config, compiledFiles);
  if (native !== null) starting.use(native.sandbox);
  const slots = config.slots ?? native?.sandbox.slots ?? availableParallelism();
  const blobs = await BlobCache.open({
    directory: join(config.cacheDirectory, "blobs"),
    maxBytes: config.cacheBytes,
    memoryBytes: config.memoryCacheBytes,
  });
  const gvisor = await gvisorDriver(config, slots, compiledFiles, log);
  if (gvisor !== null) starting.use(gvisor.sandbox);
  const wasm = wasmDriver(config, slots);
  if (wasm !== null) starting.use(wasm.sandbox);
  const withImages = [native, gvisor].filter((driver) => driver !== null);
  const drivers = [...withImages, ...(wasm === null ? [] : [wasm])];
  const store = config.native === null ? null : imageStore(config.native.imagesDirectory);
  let changed = nothing;
  const keeper =
    config.keeperDescriptor === null
      ? null
      : starting.use(KeeperConnection.inherited(config.keeperDescriptor));
  const supply: ImageSupply | null =
    keeper === null || native === null
      ? null
      : starting.use(
          new ImageSupply({
            client,
            clock: systemClock,
            log,
            keeper,
            builds: config.buildImages ? new Set(recipes.keys()) : new Set(),
            arrived: (name, until) => offers.look(name, until),
            changed: () => changed(),
          }),
        );
  // A server that does not answer yet is asked again as soon as it has registered this runner.
  await supply?.look(signal).catch((error: unknown) => log.info({ err: error }, "no list of images yet"));
  const offers: Offers = await Offers.inspect(
    {
      supply,
      native:
        native === null || config.native === null || store === null
          ? null
          : {
              store,
              sandbox: native.sandbox,
              reports: reportStore(config.native.imagesDirectory),
              levels: () => withImages.map((driver) => driver.level()),
            },
      wasm: wasm?.sandbox ?? null,
      languages: [...languages.values()],
    },
    signal,
  );
  signal.throwIfAborted();
  for (const { id, available, version, reason } of offers.languages) {
    log.info({ language: id, available, version, reason }, "looked at a language");
  }

  const speedFactor = await measureSpeed(config, native, offers, log, signal);
  const chosenImages = native === null || store === null ? null : new ChosenImages(store, native.sandbox);
  const packages = new PackageCache(client, blobs, systemClock, PARSED_BYTES);
  const session = new Session({
    client,
    clock: systemClock,
    log,
    execute: executeOn(
      machine({ drivers, offers, chosenImages, supply, packages, speedFactor }, config.name),
    ),
    registration: () => ({
      name: config.name,
      version,
      slots,
      speedFactor,
      isolation: [...(drivers[0]?.sandbox.isolation ?? [])],
      images: offers.images,
      languages: offers.languages,
    }),
    recover: (until) => offers.refresh(until),
    slots,
    drainMs: config.drainSeconds * 1000,
  });
  const ending = new AbortController();
  starting.defer(() => ending.abort());
  changed = () => void renewOffers(offers, session, log, ending.signal);
  if (supply !== null) void watchImages(supply, session, changed, log, ending.signal);
  const drain = (): void => session.drain();
  signal.addEventListener("abort", drain, { once: true });
  const resources = starting.move();
  const stopped = (async () => {
    try {
      await session.run();
    } finally {
      signal.removeEventListener("abort", drain);
      await resources.disposeAsync();
    }
  })();
  stopped.catch(() => {});
  try {
    const { runnerId } = await session.registered;
    return {
      runnerId,
      name: config.name,
      stopped,
      stopNow: () => session.stopNow(),
      async [Symbol.asyncDispose]() {
        session.drain();
        await stopped;
      },
    };
  } catch (error) {
    await stopped.catch(() => {});
    signal.throwIfAborted();
    throw error;
  }
}

/** Says what can be had now. */
async function renewOffers(
  offers: Offers,
  session: Session,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  // At once where a fetch has failed: the job that goes back now would be given to this runner again.
  if (offers.withdrawUnobtainable()) session.offersChanged();
  try {
    await offers.lookForMissing(signal);
    session.offersChanged();
  } catch (error) {
    if (!signal.aborted) log.warn({ err: error }, "the offers could not be looked at again");
  }
}

/** Sees what is published while this runner runs. */
async function watchImages(
  supply: ImageSupply,
  session: Session,
  changed: () => void,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  await session.registered.catch(() => {});
  while (!signal.aborted) {
    try {
      if (await supply.look(signal)) changed();
    } catch (error) {
      if (!signal.aborted) log.debug({ err: error }, "no list of images now");
    }
    await systemClock.sleep(LOOK_AT_IMAGES_MS, signal);
  }
}

/** How fast this machine is; null where no programs of C run in boxes. */
async function measureSpeed(
  config: RunnerConfig,
  native: Driver | null,
  offers: Offers,
  log: Logger,
  signal: AbortSignal,
): Promise<number | null> {
  const language = languages.get("c");
  const isOffered = offers.languages.some(({ id, available }) => id === "c" && available);
  if (native === null || language === undefined || !isOffered || !offers.isReady(language.image)) return null;
  const provenance = await offers.provenance(language, config.name, native.level());
  const speedFactor = await calibrate(
    { sandbox: native.sandbox, compiled: native.compiled.of("calibration") },
    { language, provenance },
    signal,
  );
  log.info({ speedFactor }, "measured how fast this machine is beside the reference machine");
  return speedFactor;
}
