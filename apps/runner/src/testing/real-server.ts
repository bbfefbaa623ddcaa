import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createClient } from "@assay/client";
import type { Client } from "@assay/client";
import type { RegisterRunner } from "@assay/contracts";
import { configFromEnvironment, startServer } from "@assay/server";
import type { RunningServer } from "@assay/server";
import { temporaryDatabase, temporaryDirectory } from "@assay/testing";
import { pino } from "pino";
import type { Execute } from "../attempts/attempt.ts";
import { systemClock } from "../clock.ts";
import { Session } from "../session/session.ts";

/** A real server on a real database, which can be stopped and started again at the same address. */
export interface TestServer extends AsyncDisposable {
  readonly url: string;
  readonly owner: Client;
  readonly ownerToken: string;
  readonly runnerToken: string;
  stop(): Promise<void>;
  start(): Promise<void>;
  /**
   * A runner that offers Python and does with its jobs what the test says; disposing of it is a crash.
   * `through` may hold up what it says to the server.
   */
  runner(name: string, execute: Execute, through?: (client: Client) => Client): Promise<AsyncDisposable>;
}

const levels = ["namespaces+cgroup+seccomp"] as const;

const offer = (name: string): RegisterRunner => ({
  name,
  version: "test",
  slots: 2,
  speedFactor: null,
  isolation: [],
  images: [{ name: "python", digest: "a".repeat(64), state: "ready", reason: null }],
  languages: [
    {
      id: "python",
      available: true,
      version: "3.11.2",
      image: "python",
      reason: null,
      levels: [...levels],
      test: null,
    },
  ],
});

export async function startTestServer(leaseSeconds: number): Promise<TestServer> {
  await using resources = new AsyncDisposableStack();
  const directory = resources.use(await temporaryDirectory());
  const database = resources.use(await temporaryDatabase());
  const [blobs, secrets] = [join(directory.path, "blobs"), join(directory.path, "secrets")];
  await mkdir(blobs);
  await mkdir(secrets);
  let server: RunningServer | null = null;
  let port = 0;
  const start = async (): Promise<void> => {
    const config = configFromEnvironment({
      ASSAY_DATABASE_URL: database.url,
      ASSAY_BLOBS_DIR: blobs,
      ASSAY_SECRETS_DIR: secrets,
      ASSAY_PORT: String(port),
      ASSAY_LEASE_SECONDS: String(leaseSeconds),
      // A verification beside the jobs of a test would be leased, settled and told like them.
      ASSAY_VERIFY_UPLOADS: "false",
      ASSAY_LOG_LEVEL: "silent",
    });
    server = await startServer(config, { signal: new AbortController().signal });
    port = Number(new URL(server.url).port);
  };
  const stop = async (): Promise<void> => {
    await server?.[Symbol.asyncDispose]();
    server = null;
  };
  resources.defer(stop);
  await start();
  const baseUrl = `http://127.0.0.1:${port}`;
  const token = async (name: string): Promise<string> => (await readFile(join(secrets, name), "utf8")).trim();
  const ownerToken = await token("owner.token");
  const owner = resources.use(createClient({ baseUrl, token: ownerToken }));
  const runnerToken = await token("runner.token");
  const kept = resources.move();
  return {
    url: baseUrl,
    owner,
    ownerToken,
    runnerToken,
    start,
    stop,
    async runner(name, execute, through = (client) => client) {
      const client = createClient({ baseUrl, token: runnerToken });
      const session = new Session({
        client: through(client),
        clock: systemClock,
        log: pino({ enabled: false }),
        execute,
        registration: () => offer(name),
        recover: () => Promise.resolve(),
        slots: 2,
        drainMs: 1000,
      });
      const running = session.run();
      await session.registered;
      return kept.use({
        async [Symbol.asyncDispose]() {
          session.stopNow();
          await running.catch(() => {});
          await client[Symbol.asyncDispose]();
        },
      });
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
