import { z } from "zod";
import { Digest } from "./job.ts";
import type { JobEventBody } from "./job.ts";

/** As `packages/images` takes names, which become file names. */
export const ImageName = z
  .string()
  .max(32)
  .regex(/^[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*$/, "expected a-z and 0-9, with single - and . between them");

/** A language that was found to work in an image, with what its tools said of their version there. */
export const ImageLanguage = z.strictObject({
  id: z.string().min(1).max(64),
  version: z.string().min(1).max(100),
});
export type ImageLanguage = z.infer<typeof ImageLanguage>;

/** Publishes an image whose blobs are there. */
export const PublishImage = z.strictObject({
  name: ImageName,
  /** Of the tree: what results name, and what a runner checks after unpacking. */
  digest: Digest,
  /** Blob of the OCI manifest, which names layers and configuration; the latter holds the lock. */
  manifest: Digest,
  /** Digest of the recipe that it was built from; null = it was imported. */
  recipe: Digest.nullable().default(null),
  /** As Debian says it: "amd64". */
  architecture: z.string().regex(/^[a-z0-9-]{1,32}$/),
  /** Files of the unpacked tree, bytes. */
  sizeBytes: z.int().min(0),
  languages: z.array(ImageLanguage).max(256),
});
export type PublishImage = z.output<typeof PublishImage>;

const Part = z.object({ digest: Digest, size: z.int().min(0) });

/** An image that runners of the organization can fetch. The newest of a name is the one that counts. */
export const PublishedImage = z.object({
  name: z.string(),
  digest: Digest,
  manifest: Part,
  config: Part,
  /** From the lowest to the highest, compressed as they travel. */
  layers: z.array(Part),
  recipe: Digest.nullable(),
  architecture: z.string(),
  sizeBytes: z.int(),
  /** All that a runner without any of its layers has to fetch, bytes. */
  transferBytes: z.int(),
  languages: z.array(ImageLanguage),
  publishedAt: z.iso.datetime(),
});
export type PublishedImage = z.infer<typeof PublishedImage>;

/** What an organization's images take on the server's disk, bytes. */
export const ImageStorage = z.object({
  /**
   * All blobs that it has uploaded, each at least 64 KiB: of images, of uploads that nothing came of yet,
   * and of withdrawn images until they are gone; and the room of uploads under way.
   */
  usedBytes: z.number().min(0),
  maxBytes: z.number().min(0),
});
export type ImageStorage = z.infer<typeof ImageStorage>;

/** Images that may not be removed from the machines of an organization. */
export const ImagesInUse = z.object({
  /** Which results of the retention period and jobs that are not settled name. */
  digests: z.array(Digest),
  /** Which jobs need that are not settled; whatever digest these names have on a machine. */
  names: z.array(z.string()),
  retentionDays: z.int(),
});
export type ImagesInUse = z.infer<typeof ImagesInUse>;

type ImageEvent = Extract<JobEventBody, { type: "image" }>;

/** Which image a job waits for, and how far it is: "image haskell 9.0.2, 43 %". */
export const imageInWords = ({ name, version, done, total }: ImageEvent): string => {
  const share =
    total === null || total === 0 ? "" : `, ${Math.floor((100 * Math.min(done, total)) / total)} %`;
  return `image ${name}${version === null ? "" : ` ${version}`}${share}`;
};

/** What the server reads of an OCI manifest; everything else in it is for other tools. */
const Descriptor = z.object({
  digest: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/)
    .transform((text) => text.slice("sha256:".length)),
  size: z.int().min(0),
});
export const OciManifest = z.object({
  schemaVersion: z.literal(2),
  config: Descriptor,
  layers: z.array(Descriptor).min(1).max(128),
});
export type OciManifest = z.output<typeof OciManifest>;
