import { stat } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { SandboxError } from "../../error.ts";
import type { RunReport, RunSpec, Sandbox } from "../../spec.ts";
import { Artifacts } from "../artifacts.ts";
import { unsupported } from "../refusal.ts";
import { Slots } from "../slots.ts";
import { gvisorIsolation, runInGvisor } from "./run.ts";
import type { GvisorSetting } from "./run.ts";

export interface GvisorOptions extends GvisorSetting {
  readonly imagesDirectory: string;
  /** Boxes at once. */
  readonly slots: number;
}

/**
 * Boxes with a second kernel, gVisor's: a program's system calls never reach the machine's own.
 *
 * Nothing here has privilege: gVisor runs in user namespaces of an ordinary user. Therefore no cgroup
 * limits or accounts the box: memory, CPU time and processes are watched from outside in steps of 20 ms,
 * and the outcome says so (`watched`). The disk limit is the kernel's.
 *
 * @throws SandboxError `unavailable` when it would run as root, or has no place for its mounts
 */
export async function openGvisor(options: GvisorOptions): Promise<Sandbox> {
  if (process.getuid?.() === 0)
    throw new SandboxError(
      "unavailable",
      "gVisor's boxes need an ordinary user; root would give them its rights",
    );
  for (const path of [options.runsc, options.directory, options.imagesDirectory])
    if (!isAbsolute(path)) throw new SandboxError("unavailable", `${path} must be an absolute path`);
  const place = await stat(options.directory).catch(() => null);
  if (place?.isDirectory() !== true)
    throw new SandboxError("unavailable", `${options.directory} must be a directory`);
  return new GvisorSandbox(options);
}

class GvisorSandbox implements Sandbox {
  readonly isolation = gvisorIsolation;
  #options: GvisorOptions;
  #artifacts = new Artifacts();
  #slots: Slots;
  #closing = new AbortController();
  #running = new Set<Promise<unknown>>();

  constructor(options: GvisorOptions) {
    this.#options = options;
    this.#slots = new Slots(options.slots);
  }

  get slots(): number {
    return this.#slots.count;
  }

  async run(spec: RunSpec, { signal }: { signal: AbortSignal | null }): Promise<RunReport> {
    const closing = this.#closing.signal;
    const ends = signal === null ? closing : AbortSignal.any([signal, closing]);
    const run = this.#slots.with(signal, async () =>
      runInGvisor(
        { ...this.#options, artifacts: this.#artifacts },
        await this.#rootOf(spec.image),
        spec,
        ends,
      ),
    );
    const settled = run.catch(() => undefined);
    this.#running.add(settled);
    void settled.then(() => this.#running.delete(settled));
    return run;
  }

  open(): Promise<never> {
    return Promise.reject(unsupported("gvisor", "streams of a running program"));
  }

  session(): Promise<never> {
    return Promise.reject(unsupported("gvisor", "programs that talk to each other"));
  }

  forget(id: Parameters<Sandbox["forget"]>[0]): Promise<number> {
    return Promise.resolve(this.#artifacts.forget(id));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#slots.close();
    this.#closing.abort();
    await Promise.all(this.#running);
  }

  async #rootOf(image: string): Promise<string> {
    const root = join(this.#options.imagesDirectory, image, "root");
    if (/^[0-9a-f]{64}$/.test(image) && (await stat(root).catch(() => null))?.isDirectory() === true)
      return root;
    throw new SandboxError("unknown_image", `there is no image ${JSON.stringify(image)} here`);
  }
}
