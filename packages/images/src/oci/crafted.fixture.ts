import { createHash } from "node:crypto";
import { hostArchitecture } from "./platform.ts";
import { blockBytes } from "./tar/header.ts";

/** Tar archives written byte by byte, so that tests can make them lie. */
export interface CraftedEntry {
  /** One character per byte, like all names here. */
  readonly name: string;
  readonly content?: string | Uint8Array;
  /** The type flag: "0" file, "1" hard link, "2" symbolic link, "3" device, "5" directory, "x" pax, … */
  readonly type?: string;
  readonly link?: string;
  readonly mode?: number;
  /** What the header says instead of the truth. */
  readonly size?: number | string;
  readonly magic?: string;
  readonly checksum?: number;
}

const padding = (size: number): Buffer => Buffer.alloc((blockBytes - (size % blockBytes)) % blockBytes);

export const craftEntry = (entry: CraftedEntry): Buffer => {
  const content = Buffer.from(entry.content ?? "");
  const header = Buffer.alloc(blockBytes);
  header.write(entry.name, 0, 100, "latin1");
  header.write(`${(entry.mode ?? 0o644).toString(8).padStart(7, "0")}\0`, 100);
  header.write("0000000\0", 108);
  header.write("0000000\0", 116);
  const size = entry.size ?? content.length;
  if (typeof size === "string") header.write(size, 124, 12, "latin1");
  else header.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  header.write("00000000000\0", 136);
  header.write("        ", 148);
  header.write(entry.type ?? "0", 156, 1, "latin1");
  header.write(entry.link ?? "", 157, 100, "latin1");
  header.write(entry.magic ?? "ustar\x0000", 257, 8, "latin1");
  const sum = entry.checksum ?? header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return Buffer.concat([header, content, padding(content.length)]);
};

export const endMark = Buffer.alloc(2 * blockBytes);

export const craftTar = (...entries: readonly CraftedEntry[]): Buffer =>
  Buffer.concat([...entries.map(craftEntry), endMark]);

/** A record of a pax header with the right length. */
const paxRecord = (key: string, value: string): string => {
  const rest = ` ${key}=${value}\n`;
  const length = [1, 2, 3, 4, 5, 6].find((digits) => `${digits + rest.length}`.length === digits) ?? 0;
  return `${length + rest.length}${rest}`;
};

export const pax = (...records: readonly (readonly [string, string])[]): CraftedEntry => ({
  name: "pax",
  type: "x",
  content: Buffer.from(records.map(([key, value]) => paxRecord(key, value)).join(""), "latin1"),
});

export const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Any value as JSON bytes with its descriptor. */
export const blobOf = (bytes: Uint8Array, mediaType: string) => ({
  bytes,
  descriptor: { mediaType, digest: `sha256:${sha256(bytes)}`, size: bytes.length },
});

export const jsonBytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

/** An image of layers, all documents true unless the caller changes them. */
export const craftImage = (
  layers: readonly { readonly tar: Buffer; readonly packed?: Buffer; readonly mediaType?: string }[],
  change: { readonly config?: object; readonly manifest?: object } = {},
) => {
  const layerBlobs = layers.map(({ tar, packed, mediaType }) =>
    blobOf(packed ?? tar, mediaType ?? "application/vnd.oci.image.layer.v1.tar"),
  );
  const config = blobOf(
    jsonBytes({
      architecture: hostArchitecture,
      os: "linux",
      rootfs: { type: "layers", diff_ids: layers.map(({ tar }) => `sha256:${sha256(tar)}`) },
      ...change.config,
    }),
    "application/vnd.oci.image.config.v1+json",
  );
  const manifest = blobOf(
    jsonBytes({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      config: config.descriptor,
      layers: layerBlobs.map(({ descriptor }) => descriptor),
      ...change.manifest,
    }),
    "application/vnd.oci.image.manifest.v1+json",
  );
  return { manifest, config, layers: layerBlobs };
};
