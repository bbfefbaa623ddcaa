import { BadConfiguration, configFromEnvironment } from "./config.ts";
import { createLog } from "./log.ts";
import { startRunner } from "./main.ts";
import type { RunningRunner } from "./main.ts";
import { TokenRefused } from "./session/session.ts";

/**
 * The runner as a process of its own, configured by environment variables.
 *
 * It prints one line of JSON when it is registered. SIGTERM and SIGINT drain it, a second one stops it
 * at once. Exit codes: 0 drained, 2 bad configuration, 3 the platform failed.
 */
const exitCode = { drained: 0, badConfiguration: 2, platformFailed: 3 } as const;

async function main(): Promise<number> {
  const config = await configFromEnvironment(process.env);
  const log = createLog(config);
  const draining = new AbortController();
  let running: RunningRunner | null = null;
  const onSignal = (): void => {
    if (draining.signal.aborted) running?.stopNow();
    draining.abort(new Error("asked to stop"));
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
  try {
    running = await startRunner(config, { signal: draining.signal, log });
    const { name, runnerId } = running;
    process.stdout.write(`${JSON.stringify({ ready: true, name, runnerId })}\n`);
    await running.stopped;
    return exitCode.drained;
  } catch (error) {
    if (draining.signal.aborted) return exitCode.drained;
    log.fatal({ err: error }, "the runner can't go on");
    throw error;
  } finally {
    log.flush();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  const why = error instanceof Error ? error.message : String(error);
  process.stderr.write(`assay runner: ${why}\n`);
  const misconfigured = error instanceof BadConfiguration || error instanceof TokenRefused;
  process.exitCode = misconfigured ? exitCode.badConfiguration : exitCode.platformFailed;
}
