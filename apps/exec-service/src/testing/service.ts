import { connect, type Socket } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { mkdir } from "node:fs/promises";
import { findProcesses, temporaryDirectory, type TestSandbox } from "@assay/testing";
import { createLog } from "../log.ts";
import { serve, type ExecConfig } from "../main.ts";

const MiB = 1024 * 1024;

export interface TestService extends AsyncDisposable {
  readonly url: string;
  /** A request of one command, with the usual three descriptors unless it says otherwise. */
  run(cmd: object, more?: object): Promise<Record<string, unknown>>;
  /** The answer to any request of `/run`. */
  post(body: unknown): Promise<{ status: number; body: unknown }>;
  /** Stores a file and gives its id. */
  upload(name: string, content: string): Promise<string>;
}

export const usual = [{ content: "" }, { name: "stdout", max: 10_240 }, { name: "stderr", max: 10_240 }];

/** A command of the test image with the usual descriptors and limits. */
export const command = (args: readonly string[], change: object = {}): object => ({
  args,
  env: ["PATH=/usr/bin:/bin"],
  files: usual,
  cpuLimit: 5e9,
  clockLimit: 60e9,
  memoryLimit: 128 * MiB,
  procLimit: 20,
  ...change,
});

export const shell = (script: string, change: object = {}): object =>
  command(["/bin/sh", "-c", script], change);

/** A service of its own on the given sandbox, on any free port. */
export async function startTestService(
  box: Pick<TestSandbox, "image" | "sandbox">,
  change: Partial<ExecConfig> = {},
): Promise<TestService> {
  await using resources = new AsyncDisposableStack();
  const directory = resources.use(await temporaryDirectory());
  const fileDirectory = join(directory.path, "files");
  await mkdir(fileDirectory);
  const service = resources.use(
    await serve(
      box.sandbox,
      { ...testConfig, image: box.image, fileDirectory, ...change },
      createLog("silent"),
    ),
  );
  const kept = resources.move();
  const post = async (body: unknown) => {
    const response = await fetch(`${service.url}/run`, { method: "POST", body: JSON.stringify(body) });
    return { status: response.status, body: await response.json() };
  };
  return {
    url: service.url,
    post,
    async run(cmd, more = {}) {
      const { status, body } = await post({ cmd: [cmd], ...more });
      if (status !== 200) throw new Error(`${status}: ${JSON.stringify(body)}`);
      return (body as Record<string, unknown>[])[0] ?? {};
    },
    async upload(name, content) {
      const form = new FormData();
      form.append("file", new Blob([Uint8Array.from(Buffer.from(content))]), name);
      const response = await fetch(`${service.url}/file`, { method: "POST", body: form });
      return (await response.json()) as string;
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

const testConfig: Omit<ExecConfig, "image" | "sandboxDirectory" | "fileDirectory"> = {
  host: "127.0.0.1",
  port: 0,
  token: null,
  origins: [],
  fileTtlMs: null,
  fileBytes: 64 * MiB,
  srcPrefixes: [],
  parallelism: 2,
  bodyBytes: 16 * MiB,
  workBytes: 32 * MiB,
  maxCpuSeconds: 60,
  maxClockSeconds: 120,
  maxMemoryBytes: 1024 * MiB,
  maxProcesses: 256,
  logLevel: "silent",
};

/** Whether a box runs `sleep` for exactly so many seconds. */
export const isSleeping = async (seconds: string): Promise<boolean> =>
  (await findProcesses(({ commandLine }) => commandLine.endsWith(`sleep ${seconds}`))).length > 0;

/** A bare connection, for what no HTTP client would do. */
export async function rawConnection(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  return socket;
}
