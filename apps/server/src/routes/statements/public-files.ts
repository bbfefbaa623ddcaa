import { AssayError } from "@assay/contracts";
import type { StoredPackage } from "../../problems/packages.ts";

/** Types by extension of images that a page may show; everything else is a download. */
const imageTypes: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  svg: "image/svg+xml",
};

export interface PublicFile {
  readonly path: string;
  readonly bytes: number;
  /** Null for an attachment. */
  readonly imageType: string | null;
}

const imageTypeOf = (path: string): string | null => {
  const extension = path.split(".").at(-1)?.toLowerCase() ?? "";
  return Object.hasOwn(imageTypes, extension) ? (imageTypes[extension] ?? null) : null;
};

/**
 * What of a package everybody may read who may read the problem: images beside the statements, and
 * attachments. Test data, solutions and validators are never among them: paths are looked up in this
 * list, and nothing is made of them.
 */
export const publicFiles = ({ parsed, sizes }: StoredPackage): ReadonlyMap<string, PublicFile> => {
  const found = new Map<string, PublicFile>();
  for (const [path, bytes] of sizes) {
    const beside = /^(?:statement|problem_statement)\//u.test(path);
    const imageType = imageTypeOf(path);
    if (beside && imageType !== null) found.set(path, { path, bytes, imageType });
  }
  for (const { path, size } of parsed.attachments) found.set(path, { path, bytes: size, imageType: null });
  return found;
};

/** @throws AssayError `not_found` for every other path */
export const publicFile = (stored: StoredPackage, path: string): PublicFile => {
  const file = publicFiles(stored).get(path);
  if (file === undefined) {
    throw new AssayError(
      "not_found",
      "There is no such image or attachment; GET …/statements lists what there is.",
    );
  }
  return file;
};
