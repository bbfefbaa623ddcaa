import { join } from "node:path";
import { createClient } from "@assay/client";
import type { Client } from "@assay/client";
import { imageStore } from "@assay/images";
import type { Logger } from "pino";
import { BlobCache } from "./caches/blob-cache.ts";
import { PackageCache } from "./caches/package-cache.ts";
import { systemClock } from "./clock.ts";
import type { RunnerConfig } from "./config.ts";
import { executeOn } from "./executors/execute.ts";
import { machine } from "./executors/machine.ts";
import { createLog } from "./log.ts";
import { ChosenImages } from "./offers/chosen-image.ts";
import type { Offers } from "./offers/offers.ts";
import { Session } from "./session/session.ts";
import { openDrivers } from "./start/drivers.ts";
import { inspectOffers } from "./start/offers.ts";
import { measureSpeed } from "./start/speed.ts";
import { openSupply, renewOffers, watchImages } from "./start/supply.ts";
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
  const drivers = await openDrivers(config, log, starting);
  const packages = await openPackages(config, client);
  const store = config.native === null ? null : imageStore(config.native.imagesDirectory);
  let changed = nothing;
  const supply = openSupply(config, {
    client,
    log,
    resources: starting,
    arrived: (name, until) => offers.look(name, until),
    changed: () => changed(),
  });
  // A server that does not answer yet is asked again as soon as it has registered this runner.
  await supply?.look(signal).catch((error: unknown) => log.info({ err: error }, "no list of images yet"));
  const offers: Offers = await inspectOffers(config, { drivers, store, supply, log }, signal);
  const speedFactor = await measureSpeed(config, drivers.native, offers, log, signal);
  const chosenImages =
    drivers.native === null || store === null ? null : new ChosenImages(store, drivers.native.sandbox);
  const session = new Session({
    client,
    clock: systemClock,
    log,
    execute: executeOn(
      machine({ drivers: drivers.all, offers, chosenImages, supply, packages, speedFactor }, config.name),
    ),
    registration: () => ({
      name: config.name,
      version,
      slots: drivers.slots,
      speedFactor,
      isolation: [...(drivers.all[0]?.sandbox.isolation ?? [])],
      images: offers.images,
      languages: offers.languages,
    }),
    recover: (until) => offers.refresh(until),
    slots: drivers.slots,
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

async function openPackages(config: RunnerConfig, client: Client): Promise<PackageCache> {
  const blobs = await BlobCache.open({
    directory: join(config.cacheDirectory, "blobs"),
    maxBytes: config.cacheBytes,
    memoryBytes: config.memoryCacheBytes,
  });
  return new PackageCache(client, blobs, systemClock, PARSED_BYTES);
}
