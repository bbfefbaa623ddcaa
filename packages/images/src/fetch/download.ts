import { createHash } from "node:crypto";
import { open, rm } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { ImageError, systemCode } from "../errors.ts";

/** Where the parts of published images come from. */
export interface ImageSource {
  /** Streams one part as it is stored: compressed. What comes is not trusted. */
  blob(digest: string, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** Whether the same may work a moment later. */
  mayWorkLater(error: unknown): boolean;
}

export interface Part {
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
}

export interface DownloadOptions {
  readonly signal: AbortSignal;
  /** Called with the bytes of this part that are there; goes back when a connection broke. */
  readonly progress: (bytes: number) => void;
  /** Waits before a further try; tests don't wait. */
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

const tries = 5;
const firstWaitMs = 500;

const waitInRealTime = async (milliseconds: number, signal: AbortSignal): Promise<void> => {
  await delay(milliseconds, undefined, { signal });
};

/**
 * Writes one part to a file and verifies it while it comes. A connection that breaks is tried again.
 *
 * @throws ImageError `bad_archive`, `unreachable`; the file system's error; the signal's reason
 */
export const download = async (
  source: ImageSource,
  part: Part,
  path: string,
  options: DownloadOptions,
): Promise<void> => {
  const { signal, wait = waitInRealTime } = options;
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    try {
      return await downloadOnce(source, part, path, options);
    } catch (error) {
      await rm(path, { force: true });
      signal.throwIfAborted();
      if (error instanceof ImageError || systemCode(error) === "ENOSPC") throw error;
      const why = error instanceof Error ? error.message : String(error);
      if (attempt >= tries || !source.mayWorkLater(error))
        throw new ImageError("unreachable", `A part of the image does not come: ${why}`, { cause: error });
      options.progress(0);
      await wait(firstWaitMs * 2 ** (attempt - 1), signal);
    }
  }
};

const downloadOnce = async (
  source: ImageSource,
  { digest, size }: Part,
  path: string,
  { signal, progress }: DownloadOptions,
): Promise<void> => {
  await using file = await open(path, "wx", 0o644);
  const sum = createHash("sha256");
  let bytes = 0;
  for await (const chunk of source.blob(digest, signal)) {
    signal.throwIfAborted();
    bytes += chunk.byteLength;
    if (bytes > size)
      throw new ImageError(
        "bad_archive",
        `The part ${digest} has more than the ${size} bytes that were told.`,
      );
    sum.update(chunk);
    await file.writeFile(chunk);
    progress(bytes);
  }
  const found = sum.digest("hex");
  if (bytes !== size || found !== digest)
    throw new ImageError(
      "bad_archive",
      `The part ${digest} came with ${bytes} of ${size} bytes and the digest ${found}.`,
    );
};
