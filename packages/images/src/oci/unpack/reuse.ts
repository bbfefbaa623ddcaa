import { readFile, readdir } from "node:fs/promises";
import { readlinkSync } from "node:fs";
import { ImageError } from "../../errors.ts";
import type { Layout } from "../../layout.ts";
import { treeDigest } from "../../tree.ts";
import { treeEntries } from "../../tree-entries.ts";
import type { TreeModel } from "./model.ts";

/** What is here as images, by digest; what they hold is not read. */
export const treesHere = async (places: Layout): Promise<Set<string>> =>
  new Set(await readdir(places.directory));

/**
 * Puts an image that is here into an empty model. Its files become hard links, so what they hold must be
 * verified when all is in place.
 *
 * @throws ImageError `damaged`; the file system's error
 */
export const beginWithImage = async (model: TreeModel, places: Layout, digest: string): Promise<void> => {
  const text = await readFile(places.tree(digest), "utf8");
  if (treeDigest(text) !== digest)
    throw new ImageError("damaged", `The list of files of the image ${digest} is damaged.`);
  const root = Buffer.from(places.root(digest)).toString("latin1");
  for (const { type, mode, path } of treeEntries(text)) {
    if (path === ".") continue;
    const components = path.split("/");
    const place = Buffer.from(`${root}/${path}`, "latin1");
    if (type === "d") model.putDirectory(components, 0, path);
    else if (type === "l")
      model.put(
        components,
        { kind: "link", layer: 0, target: readlinkSync(place, { encoding: "latin1" }) },
        path,
      );
    else {
      const executable = (mode & 0o111) !== 0;
      const file = { executable, place: place.toString("latin1"), owned: false };
      model.put(components, { kind: "file", layer: 0, content: file }, path);
    }
  }
};
