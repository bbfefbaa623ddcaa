import { chmod, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { acquireStore, acquireVisibleLock } from "./build-lock.ts";
import type { Layout } from "./layout.ts";
import { removeBuildDirectory } from "./remove-build-directory.ts";

/**
 * A locked, empty working directory below the images directory, gone afterwards; what a killed build
 * left there goes first.
 *
 * @param key the directory's name; `shown` is for people
 * @throws ImageError `locked`
 */
export const begin = async (
  places: Layout,
  key: string,
  shown: string,
): Promise<AsyncDisposable & { readonly path: string }> => {
  await mkdir(places.building, { recursive: true, mode: 0o755 });
  // Boxes run under other users and must reach the root of their image, whatever the umask is.
  for (const path of [places.directory, places.building]) await chmod(path, 0o755);
  await using held = new AsyncDisposableStack();
  held.use(await acquireStore(places.storeLock));
  held.use(await acquireVisibleLock(join(places.building, `${key}.lock`), shown));
  const path = join(places.building, key);
  await removeBuildDirectory(path);
  await mkdir(path, { mode: 0o755 });
  held.defer(() => removeBuildDirectory(path));
  const kept = held.move();
  return { path, [Symbol.asyncDispose]: () => kept.disposeAsync() };
};
