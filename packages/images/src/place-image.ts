import { access, chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Layout } from "./layout.ts";
import { ImageManifest } from "./manifest.ts";
import { imageOwner, readTree } from "./tree.ts";
import type { Tree } from "./tree.ts";

/**
 * Moves a finished image, whose root is `<work>/image/root`, to its place in one step. A sound image of
 * the same digest stays, as a box may be using it, with what is known of it.
 *
 * @returns the manifest that counts now
 */
export const placeImage = async (
  places: Layout,
  work: string,
  tree: Tree,
  manifest: ImageManifest,
  lock: string | null,
): Promise<ImageManifest> => {
  const known = (await isSoundImage(places, tree.digest)) ? await knownManifest(places, tree.digest) : null;
  if (known !== null) return known;
  const image = join(work, "image");
  await writePublic(join(image, "tree"), tree.text);
  await writePublic(join(image, "image.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  if (lock !== null) await writePublic(join(image, "lock.json"), lock);
  for (const path of [image, places.building]) await chmod(path, 0o755);
  await moveAside(places.image(tree.digest), join(work, "damaged"));
  await rename(image, places.image(tree.digest));
  return manifest;
};

const knownManifest = async (places: Layout, digest: string): Promise<ImageManifest | null> => {
  try {
    return ImageManifest.parse(JSON.parse(await readFile(places.manifest(digest), "utf8")));
  } catch {
    return null;
  }
};

/** Whether an image of the digest is there, and every file in it is what it should be. */
export const isSoundImage = async (places: Layout, digest: string): Promise<boolean> => {
  const root = places.root(digest);
  try {
    return (await readTree(root, { owner: imageOwner(places.directory, root) })).digest === digest;
  } catch {
    return false;
  }
};

/** Makes a name mean an image. */
export const pointName = async (places: Layout, name: string, digest: string): Promise<void> => {
  await mkdir(places.names, { recursive: true, mode: 0o755 });
  await chmod(places.names, 0o755);
  const temporary = `${places.name(name)}.new`;
  await writePublic(temporary, `${digest}\n`);
  await rename(temporary, places.name(name));
};

/** Whatever the umask of the builder is: boxes and the runner read as other users. */
export const writePublic = async (path: string, content: string | Uint8Array): Promise<void> => {
  await writeFile(path, content);
  await chmod(path, 0o644);
};

/** Where a damaged image lies, the way becomes free; without one, nothing happens. */
export const moveAside = async (from: string, to: string): Promise<void> => {
  await access(from).then(
    () => rename(from, to),
    () => undefined,
  );
};
