import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Logger } from "pino";
import { CompiledFiles } from "../caches/compiled-files.ts";
import type { RunnerConfig } from "../config.ts";
import { gvisorDriver, nativeDriver, wasmDriver } from "../executors/drivers.ts";
import type { Driver } from "../executors/drivers.ts";

/** The ways to make boxes here. */
export interface Drivers {
  readonly native: Driver | null;
  readonly wasm: Driver | null;
  /** Those whose boxes are made from images. */
  readonly withImages: readonly Driver[];
  /** The one that is used where a job says nothing comes first. */
  readonly all: readonly Driver[];
  /** Boxes at once. */
  readonly slots: number;
}

/** @throws SandboxError when no sandboxd answers */
export async function openDrivers(
  config: RunnerConfig,
  log: Logger,
  resources: AsyncDisposableStack,
): Promise<Drivers> {
  const compiledFiles = await CompiledFiles.open({
    directory: join(config.cacheDirectory, "compiled"),
    maxBytes: config.compiledDiskBytes,
  });
  resources.use(compiledFiles);
  const native = await nativeDriver(config, compiledFiles);
  if (native !== null) resources.use(native.sandbox);
  const slots = config.slots ?? native?.sandbox.slots ?? availableParallelism();
  const gvisor = await gvisorDriver(config, slots, compiledFiles, log);
  if (gvisor !== null) resources.use(gvisor.sandbox);
  const wasm = wasmDriver(config, slots);
  if (wasm !== null) resources.use(wasm.sandbox);
  const withImages = [native, gvisor].filter((driver) => driver !== null);
  return { native, wasm, withImages, all: [...withImages, ...(wasm === null ? [] : [wasm])], slots };
}
