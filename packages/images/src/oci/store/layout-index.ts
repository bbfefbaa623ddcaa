import { randomBytes } from "node:crypto";
import { lstat, mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { z } from "zod";
import { systemCode } from "../../errors.ts";
import { mediaTypes, OciIndex, parseDocument } from "../documents.ts";
import { documentBytes } from "../limits.ts";
import { plainFile } from "../sources/files.ts";
import { collect } from "../streams/verified.ts";
import { writeNew } from "./blob-writer.ts";

export type Index = z.output<typeof OciIndex>;

/**
 * The index of an OCI layout; null when there is none.
 *
 * @throws ImageError `bad_archive` when it is none
 */
export const readIndex = async (layoutDirectory: string): Promise<Index | null> => {
  const path = join(layoutDirectory, "index.json");
  const isThere = await lstat(path).catch((error: unknown) => {
    if (systemCode(error) === "ENOENT") return null;
    throw error;
  });
  if (isThere === null) return null;
  return parseDocument(OciIndex, await collect(plainFile(path), documentBytes, path), path);
};

/**
 * Writes what a layout consists of besides its blobs; the index last, in one step. The directory may be
 * somebody else's: what lies there under whatever name is never written through.
 */
export const writeIndex = async (layoutDirectory: string, manifests: Index["manifests"]): Promise<void> => {
  await mkdir(layoutDirectory, { recursive: true, mode: 0o755 });
  const put = async (name: string, value: object): Promise<void> => {
    const temporary = join(layoutDirectory, `.${name}.${randomBytes(6).toString("hex")}.new`);
    try {
      await writeNew(temporary, Buffer.from(JSON.stringify(value)));
      await rename(temporary, join(layoutDirectory, name));
    } finally {
      await rm(temporary, { force: true });
    }
  };
  await put("oci-layout", { imageLayoutVersion: "1.0.0" });
  await put("index.json", { schemaVersion: 2, mediaType: mediaTypes.index, manifests });
};
