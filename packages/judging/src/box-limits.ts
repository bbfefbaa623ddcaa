import type { Limits, Outcome } from "@assay/contracts";
import type { BoxFile } from "@assay/sandbox";

/** What an artifact takes up. */
export interface Placed {
  readonly bytes: number;
  readonly entries: number;
}

const page = 4096;

/**
 * The limits of a box that starts with these files: the disk limit is for what the program writes,
 * so what the platform puts there comes on top. A tmpfs counts whole pages.
 */
export const limitsOfBox = (limits: Limits, base: Placed | null, files: readonly BoxFile[]): Limits => ({
  ...limits,
  diskBytes: limits.diskBytes + placedBytes(base, files),
});

/** At most what an artifact takes up on a disk that counts whole pages. */
export const artifactBytes = ({ bytes, entries }: Placed): number => bytes + entries * page;

/** At most what the platform puts into a box takes up there. */
const placedBytes = (base: Placed | null, files: readonly BoxFile[]): number =>
  (base === null ? 0 : artifactBytes(base)) +
  files.reduce((sum, { content }) => sum + content.byteLength + 2 * page, 0);

/**
 * At least what a program's new files hold, without those that were there before. What it writes over
 * them and the odd page are not seen: never more than it wrote.
 */
export const writtenBytes = (outcome: Outcome, base: Placed | null, files: readonly BoxFile[]): number =>
  Math.max(0, outcome.fileBytes - placedBytes(base, files));
