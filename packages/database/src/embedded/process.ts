import { spawn } from "node:child_process";
import type { ChildProcessByStdio } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { OsUser } from "./access.ts";
import type { Binaries } from "./binaries.ts";

export type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/**
 * Starts a program of PostgreSQL as `user` (null: as whoever we are).
 *
 * setpriv changes the user first and asks for the parent-death signal after that, because a change
 * of credentials clears it: when this process dies, even by SIGKILL, PostgreSQL gets SIGINT and shuts
 * down. It execs, so the child's pid is the program's. A session of its own keeps a Ctrl-C in the
 * terminal from stopping the database before those who use it.
 */
export const start = (
  binaries: Binaries,
  user: OsUser | null,
  program: string,
  args: readonly string[],
): Child => {
  const identity =
    user === null
      ? []
      : ["--reuid", String(user.uid), "--regid", String(user.gid), "--clear-groups", "--no-new-privs"];
  return spawn("setpriv", [...identity, "--pdeathsig", "INT", "--", program, ...args], {
    cwd: "/",
    detached: true,
    // Nothing is inherited: PGDATA, PGPORT or LD_PRELOAD of the operator are not for us.
    env: {
      PATH: process.env["PATH"] ?? "/usr/bin:/bin",
      LD_LIBRARY_PATH: binaries.libraryPath,
      LC_ALL: "C",
      TZ: "UTC",
    },
    stdio: ["pipe", "pipe", "pipe"],
  });
};

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Resolves when the process is gone and its output was read. @throws when it could not be started */
export const ending = (child: Child): Promise<Ending> =>
  new Promise((resolve, reject) => {
    child.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "ENOENT"
          ? new Error("The program `setpriv` is missing: install the package util-linux.", { cause: error })
          : error,
      ),
    );
    child.once("close", (code, signal) => resolve({ code, signal }));
  });

/** Hands on each line of both streams, and keeps the last ones for an error's message. */
export const follow = (child: Child, log: (line: string) => void): { last(): string } => {
  const last: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on("line", (line) => {
      last.push(line);
      if (last.length > 12) last.shift();
      log(line);
    });
  return { last: () => last.join("\n") };
};

/** Runs a program to its end. @throws with its last lines when it fails */
export const runToEnd = async (
  child: Child,
  what: string,
  input: string,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<void> => {
  const output = follow(child, log);
  const kill = (): void => void child.kill("SIGKILL");
  signal.addEventListener("abort", kill, { once: true });
  // A program that ends before it read its input is judged by its exit code.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  try {
    const { code, signal: killedBy } = await ending(child);
    signal.throwIfAborted();
    if (code !== 0) throw new Error(`${what} failed (${killedBy ?? `exit ${code}`}):\n${output.last()}`);
  } finally {
    signal.removeEventListener("abort", kill);
  }
};
