import { z } from "zod";
import { ImageName } from "./images.ts";
import { Digest, ImageProgress } from "./job.ts";

/**
 * What a runner and the keeper of its machine's images say to each other, as lines of JSON over the
 * socket that the runner inherits. Images belong to root; the runner may ask for one, and never write one.
 */
const id = z.int().min(1).max(Number.MAX_SAFE_INTEGER);

export const KeeperRequest = z.discriminatedUnion("type", [
  /** The image that the server published under this name and digest. */
  z.strictObject({ type: z.literal("fetch"), id, name: ImageName, digest: Digest }),
  /** The image of the recipe of this name, where this machine may build. */
  z.strictObject({ type: z.literal("build"), id, name: ImageName }),
  /** Nobody waits for it any more. */
  z.strictObject({ type: z.literal("cancel"), id }),
]);
export type KeeperRequest = z.infer<typeof KeeperRequest>;

export const KeeperAnswer = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("progress"),
    id,
    state: ImageProgress,
    done: z.int().min(0),
    total: z.int().min(0).nullable(),
    message: z.string(),
  }),
  /** The image is there, and the name means it. */
  z.strictObject({ type: z.literal("done"), id, digest: Digest }),
  z.strictObject({ type: z.literal("failed"), id, reason: z.string() }),
]);
export type KeeperAnswer = z.infer<typeof KeeperAnswer>;

/** Longest line of either side, bytes. */
export const keeperLineBytes = 16 * 1024;
