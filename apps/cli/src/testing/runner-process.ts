import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

const main = join(import.meta.dirname, "../main.ts");

export interface RunnerProcess extends AsyncDisposable {
  /** What it and its parts said on standard error. */
  readonly log: readonly string[];
  readonly pid: number;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
}

/** `assay runner` as its users have it; resolves when it is ready. */
export async function startRunnerProcess(args: readonly string[]): Promise<RunnerProcess> {
  const child = spawn(process.execPath, [main, "runner", ...args], {
    env: { PATH: process.env["PATH"] },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => log.push(line));
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line.includes("runner ready")) resolve();
    });
    void ended.then(() => reject(new Error(`the runner ended before it was ready:\n${log.join("\n")}`)));
  });
  return {
    log,
    pid: child.pid ?? -1,
    ended,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}
