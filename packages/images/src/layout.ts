import { join } from "node:path";
import { ImageError } from "./errors.ts";

const imageName = /^[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*$/;

export const isName = (name: string): boolean => name.length <= 32 && imageName.test(name);

/** @throws ImageError `invalid_name`: names become file names */
export const checkName = (name: string): string => {
  if (!isName(name))
    throw new ImageError(
      "invalid_name",
      `"${name.slice(0, 64)}" is not an image name: use 1 to 32 of a-z and 0-9, a letter first, with single "-" and "." between them.`,
    );
  return name;
};

/**
 * Where things are below the images directory.
 *
 * - `<digest>/root`: the image; `<digest>/image.json`: its manifest; `<digest>/tree`: what the digest is of
 * - `names/<name>`: the digest that the name means, one line
 * - `<digest>/lock.json`, `locks/<name>.json`: what it was built from, and what the next build starts with
 * - `archives/<algorithm>-<hash>`: packages as they came from the network
 * - `.index/<suite>-<sources>/`: package lists of a mirror
 * - `.building/<name>.lock`, `.building/<name>/`: a build in progress, on the same file system
 * - `.store.lock`: held by whoever adds to all this, or tidies it up
 */
export const layout = (directory: string) => ({
  directory,
  image: (digest: string): string => join(directory, digest),
  root: (digest: string): string => join(directory, digest, "root"),
  manifest: (digest: string): string => join(directory, digest, "image.json"),
  tree: (digest: string): string => join(directory, digest, "tree"),
  names: join(directory, "names"),
  name: (name: string): string => join(directory, "names", checkName(name)),
  imageLock: (digest: string): string => join(directory, digest, "lock.json"),
  locks: join(directory, "locks"),
  lockOf: (name: string): string => join(directory, "locks", `${checkName(name)}.json`),
  archives: join(directory, "archives"),
  indexes: join(directory, ".index"),
  index: (key: string): string => join(directory, ".index", key),
  storeLock: join(directory, ".store.lock"),
  building: join(directory, ".building"),
  buildingOf: (name: string): string => join(directory, ".building", checkName(name)),
  lock: (name: string): string => join(directory, ".building", `${checkName(name)}.lock`),
});
export type Layout = ReturnType<typeof layout>;
