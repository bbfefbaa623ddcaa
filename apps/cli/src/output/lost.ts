import { exitCode } from "../exit.ts";

/**
 * Nobody reads our output any more, or it can't be written.
 *
 * A reader that has seen enough (`| head`) is no failure, and what the command started must be
 * cleaned up in either case: so the command goes on, without a word more.
 */
export function outputLost(error: Error & { code?: string }): void {
  if (error.code === "EPIPE") return;
  process.exitCode = exitCode.platform;
  process.stderr.write(`assay: the output can't be written: ${error.message}\n`);
}
