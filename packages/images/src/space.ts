import { statfs } from "node:fs/promises";
import { ImageError } from "./errors.ts";

/** Below this, what still writes is as good as stuck. */
const lowestBytes = 4 * 1024 * 1024;
const lookEveryMs = 1000;

const free = async (path: string): Promise<number> => {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
};

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`;

/** @throws ImageError `disk_full` when less than `bytes` are free on the file system of `path` */
export const requireSpace = async (path: string, name: string, bytes: number): Promise<void> => {
  const available = await free(path);
  if (available < bytes)
    throw new ImageError(
      "disk_full",
      `The build of the image "${name}" needs ${megabytes(bytes)} in ${path}, where ${megabytes(available)} are free.`,
    );
};

/**
 * Calls `onFull` once when the file system of `path` runs full. apt-get waits for ever when it can't
 * write its package lists, so that nobody else would say so.
 */
export const watchSpace = (path: string, onFull: () => void): Disposable & { ranFull(): boolean } => {
  let isFull = false;
  const look = async (): Promise<void> => {
    if (isFull || (await free(path)) >= lowestBytes) return;
    isFull = true;
    onFull();
  };
  const timer = setInterval(() => void look().catch(() => clearInterval(timer)), lookEveryMs);
  return { ranFull: () => isFull, [Symbol.dispose]: () => clearInterval(timer) };
};
