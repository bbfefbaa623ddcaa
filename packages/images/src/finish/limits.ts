import { totalmem } from "node:os";
import { ImageError } from "../errors.ts";
import { unpackLimits } from "../oci/limits.ts";
import type { TreeLimits } from "../tree-watch.ts";

/**
 * What each command of a recipe may use while it runs inside the image, whose tree is limited with all
 * that packages brought; see docs/images.md.
 */
export interface FinishLimits extends TreeLimits {
  readonly seconds: number;
  /** Processes and threads at the same time. */
  readonly processes: number;
  /** Memory of all its processes with what they have in /tmp and /dev, bytes. */
  readonly memoryBytes: number;
  /** The largest file. */
  readonly fileBytes: number;
}

const GiB = 1024 ** 3;

/** No recipe takes a tenth of the time, or half of the rest. */
export const finishLimits: FinishLimits = {
  seconds: 30 * 60,
  processes: 4096,
  memoryBytes: Math.min(8 * GiB, Math.floor(totalmem() * 0.75)),
  fileBytes: unpackLimits.fileBytes,
  treeBytes: 8 * GiB,
  entries: unpackLimits.entries,
  freeBytes: GiB / 2,
};

const size = (bytes: number): string =>
  bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.ceil(bytes / 1e6)} MB`;

const sentences = {
  seconds: ({ seconds }: FinishLimits) => `ran for more than ${seconds} s`,
  processes: ({ processes }: FinishLimits) => `had more than ${processes} processes and threads`,
  memoryBytes: ({ memoryBytes }: FinishLimits) => `needed more than ${size(memoryBytes)} of memory`,
  fileBytes: ({ fileBytes }: FinishLimits) => `wrote a file of more than ${size(fileBytes)}`,
  treeBytes: ({ treeBytes }: FinishLimits) => `left more than ${size(treeBytes)} in the image`,
  entries: ({ entries }: FinishLimits) => `left more than ${entries} files and directories in the image`,
  freeBytes: () => "left hardly any space on the disk of the images",
} as const;

export type PassedLimit = keyof FinishLimits;

/** `where` names the recipe and the command. */
export const limitPassed = (where: string, passed: PassedLimit, limits: FinishLimits): ImageError =>
  new ImageError(
    passed === "freeBytes" ? "disk_full" : "build_failed",
    `${where} ${sentences[passed](limits)}, which no recipe may. It was ended, with all that it had started.`,
  );
