import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { isolationLevel } from "@assay/contracts";
import type { IsolationLevel, SandboxDriver } from "@assay/contracts";
import { leastRecentlyUsedCache } from "@assay/judging";
import type { CompileCache } from "@assay/judging";
import { connectSandbox, findRunsc, openGvisor, openWasm, whyNoGvisor } from "@assay/sandbox";
import type { Sandbox } from "@assay/sandbox";
import type { Logger } from "pino";
import type { RunnerConfig } from "../config.ts";

const COMPILED_ENTRIES = 1000;

/** One way to make boxes here, with the programs that were compiled in them. */
export interface Driver {
  readonly sandbox: Sandbox;
  readonly compiled: CompileCache;
  /** What its boxes have now. */
  level(): IsolationLevel;
}

/** @param compiledBytes compiled programs that it keeps */
export const driverOf = (name: SandboxDriver, sandbox: Sandbox, compiledBytes: number): Driver => ({
  sandbox,
  compiled: leastRecentlyUsedCache(sandbox, { maxEntries: COMPILED_ENTRIES, maxBytes: compiledBytes }),
  level: () => isolationLevel({ driver: name, isolation: [...sandbox.isolation] }),
});

/** The boxes of the sandboxd on this machine; null for a runner that has none. */
export async function nativeDriver(config: RunnerConfig): Promise<Driver | null> {
  if (config.native === null) return null;
  const sandbox = await connectSandbox({ runDirectory: config.native.sandboxDirectory });
  return driverOf("native", sandbox, config.compiledBytes);
}

/** WebAssembly for jobs that name it; null where the runner was not told to offer it. */
export const wasmDriver = (config: RunnerConfig, slots: number): Driver | null =>
  config.wasm ? driverOf("wasm", openWasm({ slots }), config.compiledBytes) : null;

/** gVisor's boxes for jobs that require them; null where it is not installed or can't work, which is told. */
export async function gvisorDriver(config: RunnerConfig, slots: number, log: Logger): Promise<Driver | null> {
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
  return driverOf("gvisor", sandbox, config.compiledBytes);
}
