import { mkdir, open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { ImageError, systemCode } from "./errors.ts";
import { runTool } from "./process.ts";

/**
 * A lock that the kernel holds: flock(2) on an open file. Node has no call for it, so `flock` locks the
 * open file that it inherits from us; the lock then lives as long as anyone has that same open file.
 * A killed build leaves nothing to clean up, and a tool that outlives us (it inherits the file too)
 * keeps others from the directory that it still writes to.
 */
export interface BuildLock extends AsyncDisposable {
  /** To be handed to children that write into the locked directory. */
  readonly descriptor: number;
}

const isHeld = 75;

/**
 * Whoever can read the file of a lock can hold it, and so keep the owner of the images from them: another
 * user may only read those that tell whether a build is running.
 */
const own = 0o600;
const visible = 0o644;

const another = (name: string): string =>
  `Another build of the image "${name}" is running; wait for its end.`;
/** As long as the tools of a killed build need to clean up. */
const usualSeconds = 5;

/**
 * Held by who builds or fetches an image: `isLocked` tells anybody.
 *
 * @throws ImageError `locked` when another build of this image is running
 */
export const acquireVisibleLock = (path: string, name: string): Promise<BuildLock> =>
  acquire(path, "--exclusive", usualSeconds, another(name), visible);

/**
 * Waits, by default for as long as the tools of a killed build need to clean up.
 *
 * @throws ImageError `locked` when another build of this image is running; the signal's reason
 */
export const acquireLock = (
  path: string,
  name: string,
  waitSeconds = usualSeconds,
  signal?: AbortSignal,
): Promise<BuildLock> => acquire(path, "--exclusive", waitSeconds, another(name), own, signal);

/**
 * Held by all that add to a store, many at once: nothing is tidied up meanwhile.
 *
 * @throws ImageError `locked` when it is being tidied up
 */
export const acquireStore = (path: string): Promise<BuildLock> =>
  acquire(path, "--shared", 60, "The images are being tidied up; try again in a minute.", own);

/**
 * Held by one who tidies up a store.
 *
 * @throws ImageError `locked` when something is being built or fetched
 */
export const acquireWholeStore = (path: string): Promise<BuildLock> =>
  acquire(path, "--exclusive", 0, "An image is being built or fetched; wait for its end.", own);

const acquire = async (
  path: string,
  how: "--exclusive" | "--shared",
  waitSeconds: number,
  whenHeld: string,
  mode: number,
  signal?: AbortSignal,
): Promise<BuildLock> => {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, "a", mode);
  try {
    await file.chmod(mode);
    const result = await lock(file, [how, "--wait", String(waitSeconds)], signal);
    if (result.code === isHeld) throw new ImageError("locked", whenHeld);
    if (result.code !== 0) throw new ImageError("build_failed", `flock failed: ${result.stderr.trim()}`);
  } catch (error) {
    await file.close();
    throw error;
  }
  return { descriptor: file.fd, [Symbol.asyncDispose]: () => file.close() };
};

/** Whether a build of the image is running now. */
export const isLocked = async (path: string): Promise<boolean> => {
  let file: FileHandle;
  try {
    file = await open(path, "r");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return false;
    throw error;
  }
  try {
    return (await lock(file, ["--shared", "--nonblock"])).code === isHeld;
  } finally {
    await file.close();
  }
};

const lock = (
  file: FileHandle,
  options: readonly string[],
  signal?: AbortSignal,
): ReturnType<typeof runTool> =>
  runTool(["flock", "--conflict-exit-code", String(isHeld), ...options, "3"], {
    signal,
    stdio: ["ignore", "pipe", "pipe", file.fd],
  });
