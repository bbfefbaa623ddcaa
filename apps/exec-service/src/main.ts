import { constants } from "node:fs";
import { access, readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { connectSandbox, type Sandbox } from "@assay/sandbox";
import type { Logger } from "pino";
import { createApp } from "./app.ts";
import type { ExecConfig } from "./config.ts";
import { allowedCpus } from "./engine/cpu-set.ts";
import { Engine } from "./engine/engine.ts";
import { Sources } from "./engine/sources.ts";
import { Turns } from "./engine/turns.ts";
import { ByteBudget } from "./http/byte-budget.ts";
import { createLog } from "./log.ts";
import type { Services } from "./services.ts";
import { FileStore } from "./store/file-store.ts";

export { BadConfiguration, configFromEnvironment } from "./config.ts";
export type { ExecConfig } from "./config.ts";

const MiB = 1024 * 1024;

/** Requests that wait for their turn; beyond, they are refused. */
const MAX_WAITING = 512;

/** Bodies in memory at once, in largest ones. */
const BODIES_AT_ONCE = 4;

const MAX_STORED_FILES = 8192;

const SWEEP_MS = 15_000;

/** For a command that names no limit. */
const defaults = { cpuNs: 10e9, memoryBytes: 256 * MiB, processes: 64 };

const OPEN_FILES = 256;

const sockets = { pingMs: 50_000, silenceMs: 60_000 };

export interface RunningExecService extends AsyncDisposable {
  readonly url: string;
}

/**
 * Starts the service and waits until it listens. Disposing ends what runs, and forgets the files.
 *
 * @throws SandboxError when no sandboxd answers; the system's errors for directories and the address
 */
export async function startExecService(
  config: ExecConfig,
  options: { signal: AbortSignal },
): Promise<RunningExecService> {
  await using starting = new AsyncDisposableStack();
  const sandbox = starting.use(
    await connectSandbox({ runDirectory: config.sandboxDirectory, signal: options.signal }),
  );
  const service = starting.use(await serve(sandbox, config, createLog(config.logLevel)));
  options.signal.throwIfAborted();
  const resources = starting.move();
  return { url: service.url, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

/** The service on a sandbox that is connected already, and stays so. */
export async function serve(
  sandbox: Sandbox,
  config: Omit<ExecConfig, "sandboxDirectory">,
  log: Logger,
): Promise<RunningExecService> {
  await using starting = new AsyncDisposableStack();
  await access(config.fileDirectory, constants.W_OK | constants.X_OK);
  const store = starting.use(
    new FileStore({
      directory: config.fileDirectory,
      maxBytes: config.fileBytes,
      maxFiles: await maxStoredFiles(),
      ttlMs: config.fileTtlMs,
      now: () => performance.now(),
    }),
  );
  const sweeping = setInterval(() => store.sweep(), SWEEP_MS);
  starting.defer(() => clearInterval(sweeping));
  const engine = new Engine({
    sandbox,
    store,
    sources: await Sources.of(config.srcPrefixes),
    turns: new Turns({ parallelism: config.parallelism, maxWaiting: MAX_WAITING }),
    image: config.image,
    cpus: await allowedCpus(),
    policy: {
      defaults: {
        ...defaults,
        memoryBytes: Math.min(defaults.memoryBytes, config.maxMemoryBytes),
      },
      maxima: {
        cpuNs: config.maxCpuSeconds * 1e9,
        clockNs: config.maxClockSeconds * 1e9,
        memoryBytes: config.maxMemoryBytes,
        processes: config.maxProcesses,
      },
      diskBytes: config.workBytes,
      openFiles: OPEN_FILES,
    },
  });
  const services: Services = {
    engine,
    sandbox,
    store,
    maxFileBytes: config.fileBytes,
    bodies: { maxBytes: config.bodyBytes, budget: new ByteBudget(BODIES_AT_ONCE * config.bodyBytes) },
    about: { fileDirectory: config.fileDirectory, image: config.image },
    sockets,
  };
  const app = await createApp({ services, log, token: config.token, origins: config.origins });
  starting.defer(() => app.close());
  await app.listen({ host: config.host, port: config.port });
  const resources = starting.move();
  return {
    url: urlOf(config.host, app.server.address()),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** Half of what this process may have open, so that there is always room for connections. */
async function maxStoredFiles(): Promise<number> {
  const limits = await readFile("/proc/self/limits", "latin1").catch(() => "");
  const soft = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? 1024);
  return Math.min(MAX_STORED_FILES, Math.floor(soft / 2));
}

function urlOf(host: string, address: string | AddressInfo | null): string {
  const port = typeof address === "object" ? address?.port : undefined;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port ?? 0}`;
}
