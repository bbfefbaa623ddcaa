import { mkdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import type { z } from "zod";
import { systemCode } from "../../errors.ts";
import { writePublic } from "../../place-image.ts";
import { mediaTypes, OciIndex, parseDocument } from "../documents.ts";

export type Index = z.output<typeof OciIndex>;

/**
 * The index of an OCI layout; null when there is none.
 *
 * @throws ImageError `bad_archive` when it is none
 */
export const readIndex = async (layoutDirectory: string): Promise<Index | null> => {
  const path = join(layoutDirectory, "index.json");
  const bytes = await readFile(path).catch((error: unknown) => {
    if (systemCode(error) === "ENOENT") return null;
    throw error;
  });
  return bytes === null ? null : parseDocument(OciIndex, bytes, path);
};

/** Writes what a layout consists of besides its blobs; the index last, in one step. */
export const writeIndex = async (layoutDirectory: string, manifests: Index["manifests"]): Promise<void> => {
  await mkdir(layoutDirectory, { recursive: true, mode: 0o755 });
  const put = async (name: string, value: object): Promise<void> => {
    const path = join(layoutDirectory, name);
    await writePublic(`${path}.new`, JSON.stringify(value));
    await rename(`${path}.new`, path);
  };
  await put("oci-layout", { imageLayoutVersion: "1.0.0" });
  await put("index.json", { schemaVersion: 2, mediaType: mediaTypes.index, manifests });
};
