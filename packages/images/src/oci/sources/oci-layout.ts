import { bad } from "../bad.ts";
import { hexOf } from "../digest.ts";
import { LayoutFile, OciIndex, isIndexType, isManifestType, parseDocument } from "../documents.ts";
import type { Descriptor } from "../documents.ts";
import { readManifest } from "../foreign-image.ts";
import type { ForeignImage } from "../foreign-image.ts";
import { labels } from "../label.ts";
import { documentBytes } from "../limits.ts";
import { hostArchitecture } from "../platform.ts";
import { collect, verified } from "../streams/verified.ts";
import type { Files } from "./files.ts";

/** An index may hold indexes; real ones go two deep. */
const maxDepth = 4;
const maxIndexes = 100;

export interface FoundImage {
  readonly image: ForeignImage;
  /** What the layout or archive calls it, if anything. */
  readonly name: string | null;
}

/**
 * The image of an OCI layout that a tag names, or the only one that can run here.
 *
 * @throws ImageError `bad_archive`, `too_large`
 */
export const readLayout = async (files: Files, where: string, tag: string | null): Promise<FoundImage> => {
  const document = (path: string): Promise<Buffer> =>
    collect(files.read(path), documentBytes, `${path} of ${where}`);
  parseDocument(LayoutFile, await document("oci-layout"), `oci-layout of ${where}`);
  const index = parseDocument(OciIndex, await document("index.json"), `index.json of ${where}`);
  const asked = index.manifests.filter((one) => tag === null || nameOf(one) === tag);

  const blob = (digest: string, what: string): AsyncIterable<Uint8Array> =>
    files.read(`blobs/sha256/${hexOf(digest, what)}`);
  const documentOf = async ({ digest, size }: Descriptor, what: string): Promise<Buffer> => {
    const expected = { sha256: hexOf(digest, what), size };
    return collect(verified(blob(digest, what), expected, what), documentBytes, what);
  };

  let indexes = 0;
  const flatten = async (descriptor: Descriptor, depth: number): Promise<Descriptor[]> => {
    if (isManifestType(descriptor.mediaType)) return fits(descriptor) ? [descriptor] : [];
    // Whatever else a layout may hold is no image.
    if (!isIndexType(descriptor.mediaType)) return [];
    indexes += 1;
    if (depth > maxDepth || indexes > maxIndexes)
      throw bad(`The index of ${where} has too many others in it`);
    const inner = parseDocument(OciIndex, await documentOf(descriptor, "An index"), "An index");
    const found: Descriptor[] = [];
    for (const one of inner.manifests) found.push(...(await flatten(one, depth + 1)));
    return found;
  };

  const candidates: { readonly manifest: Descriptor; readonly name: string | null }[] = [];
  for (const one of asked)
    for (const manifest of await flatten(one, 1)) candidates.push({ manifest, name: nameOf(one) });
  const different = new Map(candidates.map((one) => [one.manifest.digest, one]));
  const [chosen] = different.values();
  if (chosen === undefined) throw none(where, tag, index.manifests.map(nameOf));
  if (different.size > 1)
    throw bad(`${where} holds ${different.size} images for this machine; say which: ${listed(candidates)}`);
  const hex = hexOf(chosen.manifest.digest, "the manifest");
  const bytes = await documentOf(chosen.manifest, "The manifest");
  return { image: await readManifest(bytes, hex, (digest) => blob(digest, "a blob")), name: chosen.name };
};

const nameOf = ({ annotations }: Descriptor): string | null => annotations?.[labels.reference] ?? null;

/** One that says no platform is judged by its configuration. */
const fits = ({ platform }: Descriptor): boolean =>
  platform === undefined ||
  platform === null ||
  (platform.os === "linux" && platform.architecture === hostArchitecture);

const none = (where: string, tag: string | null, names: readonly (string | null)[]) =>
  bad(
    tag === null
      ? `${where} holds no image for linux/${hostArchitecture}`
      : `${where} holds no image ${JSON.stringify(tag.slice(0, 100))} for linux/${hostArchitecture}; there are ${listed(names.map((name) => ({ name })))}`,
  );

const listed = (names: readonly { readonly name: string | null }[]): string =>
  [...new Set(names.flatMap(({ name }) => (name === null ? [] : [JSON.stringify(name.slice(0, 100))])))]
    .slice(0, 20)
    .join(", ") || "none with a name";
