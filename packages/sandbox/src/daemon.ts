import { spawn } from "node:child_process";
import type { ChildProcessByStdio } from "node:child_process";
import type { Readable } from "node:stream";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { SandboxError } from "./error.ts";

/** Where `make -C native` leaves the program. */
export const sandboxdPath = fileURLToPath(new URL("../../../native/build/sandboxd", import.meta.url));

/** It removes what an earlier one left before it is ready, which takes a moment for many artifacts. */
const READY_MS = 30_000;

const STOP_MS = 10_000;
const KEPT_WORDS = 20;

export interface SandboxdOptions {
  /** For artifacts and the records of what must be removed after a crash; owned by root. */
  stateDirectory: string;
  /** For the slots' sockets. */
  runDirectory: string;
  /** Holds <digest>/root of each image. */
  imagesDirectory: string;
  /** Boxes at once. */
  slots: number;
  /** Who may connect. */
  clientUid: number;
  /** Called with each line that sandboxd writes to stderr. */
  log: (line: string) => void;
}

export interface Sandboxd extends AsyncDisposable {
  readonly pid: number;
  /** Resolves with a sentence when it has ended, for whatever reason. */
  readonly stopped: Promise<string>;
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

/**
 * Starts sandboxd (needs root) and waits until its slots take connections; rejects with its last
 * words. It ends when this process ends, however that happens.
 */
export async function startSandboxd(options: SandboxdOptions): Promise<Sandboxd> {
  const child = spawn(
    "/usr/bin/setpriv",
    [
      "--pdeathsig=TERM",
      sandboxdPath,
      `--state=${options.stateDirectory}`,
      `--run=${options.runDirectory}`,
      `--images=${options.imagesDirectory}`,
      `--slots=${options.slots}`,
      `--client-uid=${options.clientUid}`,
    ],
    { cwd: "/", env: {}, stdio: ["ignore", "pipe", "pipe"] },
  );
  const stopped = endOf(child);
  const words: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => {
    words.push(line);
    if (words.length > KEPT_WORDS) words.shift();
    options.log(line);
  });

  const overdue = Promise.withResolvers<string>();
  const timer = setTimeout(() => overdue.resolve(`sandboxd was not ready within ${READY_MS} ms`), READY_MS);
  const failure = await Promise.race([readyLine(child), stopped, overdue.promise]);
  clearTimeout(timer);
  if (failure !== null) {
    child.kill("SIGKILL");
    await stopped;
    throw new SandboxError("unavailable", [failure, ...words].join("\n"));
  }
  return {
    pid: child.pid ?? -1,
    stopped,
    [Symbol.asyncDispose]: () => stop(child, stopped),
  };
}

function endOf(child: Child): Promise<string> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(`sandboxd could not be started: ${error.message}`));
    child.once("close", (code, signal) => resolve(`sandboxd ended with ${signal ?? `exit code ${code}`}`));
  });
}

function readyLine(child: Child): Promise<null> {
  return new Promise((resolve) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line.startsWith('{"ready":true')) resolve(null);
    });
  });
}

async function stop(child: Child, stopped: Promise<string>): Promise<void> {
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  await stopped;
  clearTimeout(timer);
}
