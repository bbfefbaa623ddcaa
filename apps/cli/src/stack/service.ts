import { spawn, type ChildProcess } from "node:child_process";
import { Duplex, type Readable } from "node:stream";
import { messageOf } from "../exit.ts";
import { cutLines } from "./cut-lines.ts";
import type { Identity } from "./identity.ts";

export interface ServiceSpec {
  readonly name: string;
  /** Null: as the user that we are, who has no other rights to give up. */
  readonly identity: Identity | null;
  /** A TypeScript entry that prints one JSON line with `"ready":true` on stdout when it serves. */
  readonly entry: string;
  readonly env: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
  readonly readyWithinMs: number;
  /** Gets one end of a socket pair, whose other end the process has as descriptor 3: no path leads to it. */
  readonly channel?: (stream: Duplex) => void;
}

export interface Service extends AsyncDisposable {
  readonly pid: number;
  /** What the ready line held. */
  readonly ready: Readonly<Record<string, unknown>>;
  /** Resolves with a sentence when the process has ended, for whatever reason. */
  readonly ended: Promise<string>;
}

/** The descriptor of a process's end of its channel. */
export const serviceChannel = 3;

/**
 * Starts one unprivileged process of the stack: under its own user, without capabilities or the way
 * back to them, with nothing of our environment, and tied to our life (the kernel kills it when we die).
 *
 * @throws Error with the process's last words when it ends or stays silent before it is ready.
 */
export async function startService(spec: ServiceSpec, signal: AbortSignal): Promise<Service> {
  const child = spawn(
    "setpriv",
    [...rightsOf(spec.identity), "--no-new-privs", "--pdeathsig=KILL", process.execPath, spec.entry],
    {
      cwd: "/",
      env: { PATH: "/usr/bin:/bin", LANG: "C.UTF-8", ...spec.env },
      stdio: ["ignore", "pipe", "pipe", ...(spec.channel === undefined ? [] : (["pipe"] as const))],
    },
  );
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error(`${spec.name} has no standard output`);
  const channel = child.stdio[serviceChannel];
  if (channel instanceof Duplex) spec.channel?.(channel);
  const lastWords: string[] = [];
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(`${spec.name} could not be started: ${error.message}`));
    child.once("exit", (code, killedBy) =>
      resolve(`${spec.name} ended with ${killedBy ?? `exit code ${code}`}`),
    );
  });
  cutLines(stderr, (line) => {
    lastWords.push(line);
    if (lastWords.length > 20) lastWords.shift();
    spec.log(line);
  });
  try {
    const ready = await readyLine(stdout, ended, spec, signal);
    return {
      pid: child.pid ?? -1,
      ready,
      ended,
      [Symbol.asyncDispose]: () => stop(child, ended),
    };
  } catch (error) {
    child.kill("SIGKILL");
    await ended;
    throw new Error([messageOf(error), ...lastWords.slice(-8)].join("\n  "), { cause: error });
  }
}

const rightsOf = (identity: Identity | null): string[] =>
  identity === null
    ? []
    : [
        `--reuid=${identity.uid}`,
        `--regid=${identity.gid}`,
        "--clear-groups",
        "--inh-caps=-all",
        "--ambient-caps=-all",
        "--bounding-set=-all",
      ];

async function readyLine(
  stdout: Readable,
  ended: Promise<string>,
  spec: ServiceSpec,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  const giveUp = AbortSignal.any([signal, AbortSignal.timeout(spec.readyWithinMs)]);
  return new Promise((resolve, reject) => {
    giveUp.addEventListener("abort", () =>
      reject(new Error(signal.aborted ? "interrupted" : `${spec.name} was not ready in time`)),
    );
    void ended.then((how) => reject(new Error(`${how} before it was ready`)));
    cutLines(stdout, (line) => {
      const message = parseReady(line);
      if (message) resolve(message);
    });
  });
}

const parseReady = (line: string): Record<string, unknown> | null => {
  try {
    const message: { ready?: unknown } | null = JSON.parse(line);
    return message?.ready === true ? { ...message } : null;
  } catch {
    return null;
  }
};

/** Longer than the drain time of any service, so that the knife is for those that hang. */
const stopWithinMs = 45_000;

async function stop(child: ChildProcess, ended: Promise<string>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  const knife = setTimeout(() => child.kill("SIGKILL"), stopWithinMs);
  await ended;
  clearTimeout(knife);
}
