import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { ImageError } from "../errors.ts";
import { killGroup } from "../process.ts";
import { TreeWatch } from "../tree-watch.ts";
import { boundedLines } from "./bounded-lines.ts";
import type { UnpackBounds } from "./bounds.ts";
import type { Owner } from "./take-over.ts";
import { UnpackMessage } from "./unpack-messages.ts";
import type { UnpackOrder } from "./unpack-messages.ts";

/** Who unpacks, with the group by which it reaches what it is to write, and no other process does. */
export interface Unpacker extends Owner {
  readonly key: number;
}

/** What may be wrong with the image or the machine; all else is a failure of ours. */
const codes = ["bad_archive", "too_large", "disk_full"] as const;
const finished = "exit code 0";
const entry = join(import.meta.dirname, "unpack-process.ts");
const lineBytes = 16 * 1024;
const heapMegabytes = 768;
const lookEveryMs = 500;
/** Half of what a fetch leaves free by what was told. */
const freeBytes = 32 * 1024 ** 2;

/**
 * What the process may have: no privileges and no way back to them, no network, no other process to see
 * or signal; not more than an image needs of files, time and processes. It dies with us, and with it
 * everything that it may have started.
 */
const namespaces = "--net --ipc --uts --pid --mount --mount-proc --fork --kill-child=KILL";
const limits = "--core=0 --memlock=0 --nofile=512 --nproc=256";
const noRights = "--no-new-privs --inh-caps=-all --ambient-caps=-all --bounding-set=-all";
const confined = ({ uid, gid, key }: Unpacker, { seconds, layerBytes }: UnpackBounds): string[] =>
  `setpriv --pdeathsig=KILL unshare ${namespaces} prlimit ${limits} --cpu=${4 * Math.ceil(seconds)} --fsize=${layerBytes} setpriv --reuid=${uid} --regid=${gid} --groups=${key} ${noRights}`.split(
    " ",
  );

/**
 * Unpacks an image in a process of its own; what that leaves is to be looked at before it is used. When
 * this resolves or rejects, no process of it is left.
 *
 * @throws ImageError with what the process says went wrong, `too_large` when it passes its bounds; the
 * signal's reason
 */
export const unpackApart = async (
  order: UnpackOrder,
  owner: Unpacker,
  options: {
    readonly bounds: UnpackBounds;
    readonly signal: AbortSignal;
    readonly progress: (share: number) => void;
  },
): Promise<void> => {
  options.signal.throwIfAborted();
  const passed = new AbortController();
  const signal = AbortSignal.any([options.signal, passed.signal]);
  const [program = "", ...args] = confined(owner, options.bounds);
  const child = spawn(program, [...args, process.execPath, `--max-old-space-size=${heapMegabytes}`, entry], {
    cwd: "/",
    env: { PATH: "/usr/bin:/bin", LANG: "C.UTF-8" },
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
  // As a group: one that has just been forked is not bound to its parent's life yet.
  const kill = (): void => killGroup(child.pid);
  signal.addEventListener("abort", kill, { once: true });
  const words: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    words.push(text);
    // A few lines say why Node did not start.
    if (words.join("").length > lineBytes) words.shift();
  });
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, killedBy) => resolve(killedBy ?? `exit code ${code}`));
  });
  const over = new AbortController();
  const watch = async (): Promise<void> => {
    const error = await untilPassed(order.store, options.bounds, over.signal).catch(
      (reason: unknown) => reason,
    );
    if (error !== null) passed.abort(error);
  };
  const watching = watch();
  child.stdin.on("error", () => {});
  child.stdin.end(JSON.stringify(order));
  const last = await lastMessage(child.stdout, options.progress).catch(() => {
    kill();
    return null;
  });
  const how = await ended;
  signal.removeEventListener("abort", kill);
  over.abort();
  await watching;
  options.signal.throwIfAborted();
  // One that says so and does not end was killed: what it started may be about to end still.
  if (last?.type === "done" && how === finished) return;
  passed.signal.throwIfAborted();
  if (last?.type === "failed")
    throw new ImageError(codes.find((code) => code === last.code) ?? "build_failed", last.message);
  const said = words.join("").trim().slice(-500);
  throw new ImageError(
    "build_failed",
    `The process that unpacks the image ended with ${how}. ${said}`.trim(),
  );
};

/** Why the unpacking has to be ended; null when it has ended before. */
const untilPassed = async (
  store: string,
  { seconds, layerBytes, entries }: UnpackBounds,
  over: AbortSignal,
): Promise<ImageError | null> => {
  const latest = performance.now() + 1000 * seconds;
  // It may try twice: upon an image that is here, then without.
  const tree = new TreeWatch(store, { treeBytes: 2 * layerBytes, entries: 2 * entries, freeBytes });
  for (;;) {
    if (performance.now() > latest)
      return new ImageError(
        "too_large",
        `Unpacking takes longer than the ${seconds} s that its size allows.`,
      );
    const limit = await tree.look();
    if (limit === "freeBytes")
      return new ImageError("disk_full", "There is hardly any space left for the image.");
    if (limit !== null) return new ImageError("too_large", "The image unpacks to more than was told of it.");
    await delay(lookEveryMs, undefined, { signal: over }).catch(() => undefined);
    if (over.aborted) return null;
  }
};

const lastMessage = async (
  stdout: Readable,
  progress: (share: number) => void,
): Promise<UnpackMessage | null> => {
  let last: UnpackMessage | null = null;
  for await (const line of boundedLines(stdout, lineBytes)) {
    last = UnpackMessage.parse(JSON.parse(line));
    if (last.type === "progress") progress(last.share);
  }
  return last;
};
