import { isName, checkName, layout } from "../layout.ts";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { ImageManifest } from "../manifest.ts";
import { pointName } from "../place-image.ts";
import { recipes } from "../recipes/index.ts";
import { begin } from "../working-directory.ts";
import { bad } from "./bad.ts";
import { install } from "./install.ts";
import type { Description, UnpackOptions } from "./install.ts";
import { Budget } from "./limits.ts";
import { parseReference } from "./reference.ts";
import type { ImageReference } from "./reference.ts";
import { archiveFiles, directoryFiles, plainFile } from "./sources/files.ts";
import { readDockerArchive } from "./sources/docker-archive.ts";
import { readLayout } from "./sources/oci-layout.ts";
import type { FoundImage } from "./sources/oci-layout.ts";
import { unpackArchive } from "./unpack/apply.ts";
import { TreeModel } from "./unpack/model.ts";
import { Spool } from "./unpack/spool.ts";

export interface ImportOptions extends UnpackOptions {
  /** Default: the name that it has where it comes from, unless the catalogue has that one. */
  readonly name?: string | undefined;
}

/** No image can have this name. */
const workKey = ".import";

/**
 * Makes any OCI or Docker image for this machine's platform an image of Assay. Every digest is verified;
 * devices, pipes and sockets are left out, owners and modes become those of all images, and the mount
 * points of a box are empty. Nothing else is changed.
 *
 * @throws ImageError `bad_archive`, `too_large`, `invalid_name`, `disk_full`, `cancelled`, `locked`
 */
export const importImage = async (
  directory: string,
  text: string,
  options: ImportOptions = {},
): Promise<ImageManifest> => {
  const reference = parseReference(text);
  if (options.name !== undefined) checkName(options.name);
  const places = layout(directory);
  await mkdir(places.directory, { recursive: true });
  await using work = await begin(places, workKey, reference.text);
  const found = await open(reference, work.path, options);
  const name = options.name ?? ownName(found, reference);
  const { image } = found;
  const description: Description = {
    ...(image.claim ?? {
      recipe: null,
      lock: null,
      suite: null,
      architecture: image.architecture,
      packages: [],
    }),
    from: null,
    name,
    source: { reference: reference.text.slice(0, 4096), ...image.digests },
  };
  const manifest = await install(places, work.path, image, { ...options, expected: null }, description);
  await pointName(places, name, manifest.digest);
  return { ...manifest, name };
};

const open = async (
  { transport, path, tag }: ImageReference,
  work: string,
  options: ImportOptions,
): Promise<FoundImage> => {
  if (transport === "oci") return readLayout(directoryFiles(path), path, tag);
  const budget = new Budget();
  const model = new TreeModel(budget);
  using spool = new Spool(join(work, "archive"));
  await unpackArchive({ model, spool, budget }, plainFile(path), {
    signal: options.signal,
    progress: (done) =>
      options.progress?.({ phase: "prepare", done, total: null, message: "reading the archive" }),
  });
  const files = archiveFiles(model, path);
  return transport === "oci-archive" ? readLayout(files, path, tag) : readDockerArchive(files, path, tag);
};

/** `registry.example/group/tools:1.2` is called `tools`, like `tools`. */
const ownName = ({ name, image }: FoundImage, { text }: ImageReference): string => {
  const last = (image.claim?.name ?? name ?? "").split("/").at(-1)?.split(/[:@]/)[0] ?? "";
  if (!isName(last)) throw bad(`${text} has no name that an image can have here; give it one with --name`);
  // Whoever made it could call it so: jobs of that language would run in it.
  if (recipes.has(last))
    throw bad(
      `"${last}" is the name of an image that ships with Assay; say with --name what this one is called here`,
    );
  return last;
};
