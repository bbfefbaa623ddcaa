import { z } from "zod";
import { bad } from "./bad.ts";
import { AnyDigest } from "./digest.ts";

export const mediaTypes = {
  index: "application/vnd.oci.image.index.v1+json",
  manifest: "application/vnd.oci.image.manifest.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  layer: {
    none: "application/vnd.oci.image.layer.v1.tar",
    gzip: "application/vnd.oci.image.layer.v1.tar+gzip",
    zstd: "application/vnd.oci.image.layer.v1.tar+zstd",
  },
} as const;
export type Compression = keyof typeof mediaTypes.layer;

const dockerIndex = "application/vnd.docker.distribution.manifest.list.v2+json";
const dockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
const configs: readonly string[] = [mediaTypes.config, "application/vnd.docker.container.image.v1+json"];
const layers: readonly string[] = [
  ...Object.values(mediaTypes.layer),
  "application/vnd.docker.image.rootfs.diff.tar",
  "application/vnd.docker.image.rootfs.diff.tar.gzip",
  "application/vnd.docker.image.rootfs.diff.tar.zstd",
];

export const isIndexType = (type: string): boolean => type === mediaTypes.index || type === dockerIndex;
export const isManifestType = (type: string): boolean =>
  type === mediaTypes.manifest || type === dockerManifest;

const Annotations = z.record(z.string(), z.string()).nullish();

export const Descriptor = z.object({
  mediaType: z.string(),
  digest: AnyDigest,
  size: z.int().min(0),
  annotations: Annotations,
  platform: z.object({ architecture: z.string(), os: z.string() }).nullish(),
});
export type Descriptor = z.infer<typeof Descriptor>;

export const OciIndex = z.object({
  schemaVersion: z.literal(2),
  mediaType: z.string().refine(isIndexType).optional(),
  manifests: z.array(Descriptor).max(10_000),
  annotations: Annotations,
});

export const OciManifest = z.object({
  schemaVersion: z.literal(2),
  mediaType: z.string().refine(isManifestType).optional(),
  config: Descriptor.extend({ mediaType: z.literal(configs, "is no image's configuration") }),
  layers: z.array(Descriptor.extend({ mediaType: z.literal(layers, "is no layer that is supported") })),
  annotations: Annotations,
});
export type OciManifest = z.infer<typeof OciManifest>;

/** Of Docker and OCI alike; what says how to start a container has no meaning here. */
export const ImageConfig = z.object({
  architecture: z.string(),
  os: z.string(),
  rootfs: z.object({ type: z.literal("layers"), diff_ids: z.array(AnyDigest) }),
  history: z.array(z.object({ created_by: z.string().nullish() })).nullish(),
  config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }).nullish(),
});
export type ImageConfig = z.infer<typeof ImageConfig>;

/** `manifest.json` of `docker save`. */
export const DockerArchive = z
  .array(
    z.object({ Config: z.string(), RepoTags: z.array(z.string()).nullish(), Layers: z.array(z.string()) }),
  )
  .max(10_000);

export const LayoutFile = z.object({ imageLayoutVersion: z.literal("1.0.0") });

/** @throws ImageError `bad_archive` that says what is wrong where */
export const parseDocument = <Schema extends z.ZodType>(
  schema: Schema,
  bytes: Uint8Array,
  what: string,
): z.output<Schema> => {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw bad(`${what} is no JSON`, error);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = JSON.stringify((issue?.path ?? []).join(".").slice(0, 200));
  throw bad(`${what} is not as it must be at ${where}: ${issue?.message.slice(0, 200) ?? ""}`);
};
