import { BadConfiguration, configFromEnvironment, startExecService } from "./main.ts";

/*
 * The service as a process of its own, configured by environment variables (config.ts). Logs go to
 * stderr as JSON lines, and stdout gets one JSON line when it listens:
 *
 *   {"ready":true,"url":"http://127.0.0.1:5050"}
 *
 * SIGTERM and SIGINT end it. Exit codes: 0 ended, 2 bad configuration, 3 the platform failed.
 */
const exit = { ended: 0, badConfiguration: 2, platformFailed: 3 } as const;

async function run(): Promise<number> {
  const stop = Promise.withResolvers<void>();
  const stopping = new AbortController();
  for (const name of ["SIGTERM", "SIGINT"] as const)
    process.on(name, () => {
      stopping.abort(new Error("asked to stop"));
      stop.resolve();
    });
  try {
    const config = configFromEnvironment(process.env);
    await using service = await startExecService(config, { signal: stopping.signal });
    process.stdout.write(`${JSON.stringify({ ready: true, url: service.url })}\n`);
    await stop.promise;
    return exit.ended;
  } catch (error) {
    if (stopping.signal.aborted) return exit.ended;
    process.stderr.write(`assay exec-service: ${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof BadConfiguration ? exit.badConfiguration : exit.platformFailed;
  }
}

process.exitCode = await run();
