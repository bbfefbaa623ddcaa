import { Digest } from "@assay/contracts";
import { z } from "zod";

/** What the process that unpacks is told; paths are absolute. */
export const UnpackOrder = z.strictObject({
  /** An images directory of its own. */
  store: z.string(),
  /** Directory with the parts, each under its digest. */
  blobs: z.string(),
  manifest: Digest,
  digest: Digest,
  /** What its layers may come to, bytes. */
  layerBytes: z.int().min(0),
});
export type UnpackOrder = z.infer<typeof UnpackOrder>;

export const UnpackMessage = z.discriminatedUnion("type", [
  /** Of the layers that there are, 0 to 1. */
  z.strictObject({ type: z.literal("progress"), share: z.number().min(0).max(1) }),
  z.strictObject({ type: z.literal("done") }),
  z.strictObject({
    type: z.literal("failed"),
    code: z.string().max(50),
    message: z.string().max(4000),
  }),
]);
export type UnpackMessage = z.infer<typeof UnpackMessage>;
