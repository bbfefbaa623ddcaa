import { BadConfiguration, configFromEnvironment, startServer } from "./main.ts";

/*
 * A server as a process of its own. Configuration comes in environment variables (config.ts), logs go
 * to stderr as JSON lines, and stdout gets one JSON line when it listens:
 *
 *   {"ready":true,"url":"http://127.0.0.1:8080","firstStart":{"ownerToken":"assay_…"} or null}
 *
 * SIGTERM and SIGINT drain it. Exit codes: 0 stopped, 2 bad configuration, 3 the platform failed.
 */
const exit = { stopped: 0, badConfiguration: 2, platformFailed: 3 } as const;

const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const complain = (error: unknown): void => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${JSON.stringify({ level: 60, service: "server", msg: message })}\n`);
};

async function run(): Promise<number> {
  const stop = new AbortController();
  for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => stop.abort());
  try {
    const config = configFromEnvironment(process.env);
    await using server = await startServer(config, { signal: stop.signal });
    say({ ready: true, url: server.url, firstStart: server.firstStart });
    await server.stopped;
    return exit.stopped;
  } catch (error) {
    complain(error);
    return error instanceof BadConfiguration ? exit.badConfiguration : exit.platformFailed;
  }
}

process.exitCode = await run();
