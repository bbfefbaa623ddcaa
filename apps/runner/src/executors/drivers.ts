import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { isolationLevel } from "@assay/contracts";
import type { IsolationLevel, SandboxDriver } from "@assay/contracts";
import { compileCaches } from "@assay/judging";
import type { CompileCaches, CompiledStore } from "@assay/judging";
import { connectSandbox, findRunsc, openGvisor, openWasm, whyNoGvisor } from "@assay/sandbox";
import type { Sandbox } from "@assay/sandbox";
import type { Logger } from "pino";
import type { RunnerConfig } from "../config.ts";
import { version } from "../version.ts";

const COMPILED_ENTRIES = 1000;

/** One way to make boxes here, with the programs that were compiled in them. */
export interface Driver {
  readonly sandbox: Sandbox;
  readonly compiled: CompileCaches;
  /** What its boxes have now. */
  level(): IsolationLevel;
}

export interface CompiledOptions {
  /** Compiled programs that a sandbox keeps. */
  readonly maxBytes: number;
  /** What outlives the sandbox; null = nothing does. */
  readonly store: CompiledStore | null;
}

export const driverOf = (
  name: SandboxDriver,
  sandbox: Sandbox,
  { maxBytes, store }: CompiledOptions,
): Driver => ({
  sandbox,
  // What one kind of sandbox compiled is never run as another's.
  compiled: compileCaches(sandbox, {
    maxEntries: COMPILED_ENTRIES,
    maxBytes,
    platform: `${version} ${name}`,
    store,
  }),
  level: () => isolationLevel({ driver: name, isolation: [...sandbox.isolation] }),
});

/** The boxes of the sandboxd on this machine; null for a runner that has none. */
export async function nativeDriver(
  config: RunnerConfig,
  store: CompiledStore | null,
): Promise<Driver | null> {
  if (config.native === null) return null;
  const sandbox = await connectSandbox({ runDirectory: config.native.sandboxDirectory });
  return driverOf("native", sandbox, { maxBytes: config.compiledBytes, store });
}

/** WebAssembly for jobs that name it; null where the runner was not told to offer it. */
export const wasmDriver = (config: RunnerConfig, slots: number): Driver | null =>
  config.wasm ? driverOf("wasm", openWasm({ slots }), { maxBytes: config.compiledBytes, store: null }) : null;

/** gVisor's boxes for jobs that require them; null where it is not installed or can't work, which is told. */
export async function gvisorDriver(
  config: RunnerConfig,
  slots: number,
  store: CompiledStore | null,
  log: Logger,
): Promise<Driver | null> {
  if (!config.gvisor || config.native === null || process.getuid?.() === 0) return null;
  const runsc = findRunsc();
  if (runsc === null) return null;
  const reason = await whyNoGvisor(runsc);
  if (reason !== null) {
    log.warn({ runsc, reason }, "gVisor is installed and can't run here");
    return null;
  }
  // Boxes mount their own file systems over it, where nobody else sees them: it stays empty.
  const directory = join(config.cacheDirectory, "gvisor");
  await mkdir(directory, { recursive: true });
  const { imagesDirectory } = config.native;
  const sandbox = await openGvisor({ runsc, directory, imagesDirectory, slots });
  return driverOf("gvisor", sandbox, { maxBytes: config.compiledBytes, store });
}
