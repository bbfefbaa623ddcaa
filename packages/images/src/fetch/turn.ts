import { acquireLock } from "../build-lock.ts";
import type { Owner } from "./take-over.ts";

/** Root's alone, and gone at the next start of the machine. */
const directory = "/run";
const longestSeconds = 24 * 60 * 60;

/**
 * One unpacking of a user at a time on this machine, until its tree is taken over: another process of
 * that user could change it between the look and the taking.
 *
 * @throws the signal's reason
 */
export const turnOf = async ({ uid }: Owner, signal: AbortSignal): Promise<AsyncDisposable> => {
  const path = `${directory}/assay-unpack-${uid}.lock`;
  try {
    return await acquireLock(path, "an image that is fetched", longestSeconds, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
};
