import { chmod, lstat, mkdir, readFile, readdir, rm } from "node:fs/promises";
import { resolve as resolvePath } from "node:path";
import { Digest } from "@assay/contracts";
import { buildImage } from "./build.ts";
import type { Below, BuildOptions } from "./build.ts";
import { ImageError, systemCode } from "./errors.ts";
import { collectGarbage, removeImage } from "./gc.ts";
import type { GcOptions, GcReport } from "./gc.ts";
import { parseLock } from "./image-lock.ts";
import type { ImageLock } from "./image-lock.ts";
import { layerDifference } from "./layers.ts";
import { checkName, isName, layout } from "./layout.ts";
import { acquireVisibleLock, isLocked } from "./build-lock.ts";
import { ImageManifest, readManifest } from "./manifest.ts";
import type { Image, ImagePackage } from "./manifest.ts";
import { recipeDigest } from "./recipe.ts";
import type { Recipe } from "./recipe.ts";
import { recipeByName, recipes } from "./recipes/index.ts";
import { Soundness } from "./soundness.ts";
import type { SoundnessOptions } from "./soundness.ts";
import { treeDifferences } from "./tree-difference.ts";
import { imageOwner, readTree, treeDigest } from "./tree.ts";

/**
 * - `ready`: can be used
 * - `missing`: never built, or removed
 * - `building`: missing or damaged, and being built right now
 * - `damaged`: not what was built; `reason` names the first differences
 */
export type ImageState = "ready" | "missing" | "damaged" | "building";

export interface ImageStatus {
  readonly name: string;
  readonly digest: string | null;
  readonly state: ImageState;
  /** A sentence that says what is wrong and what to do; null when ready. */
  readonly reason: string | null;
  readonly sizeBytes: number | null;
  /** ISO 8601. */
  readonly builtAt: string | null;
  readonly packages: readonly ImagePackage[];
}

export interface ImageLayer {
  readonly name: string;
  readonly digest: string;
  readonly sizeBytes: number;
}

export interface ImageStore {
  /** Absolute path. */
  readonly directory: string;
  /**
   * Every image that ships with Assay or that was built here, by name. Looks at manifests, not at
   * contents: a `ready` of `list` says that an image is there, one of `verify` that it is sound.
   */
  list(): Promise<ImageStatus[]>;
  /** @throws ImageError `missing`, `damaged` (without a look at contents), `invalid_name` */
  resolve(name: string): Promise<Image>;
  /**
   * Reads the whole image again and compares it with what was built. As a side effect its files are
   * in the page cache afterwards.
   */
  verify(name: string): Promise<ImageStatus>;
  /** As one entry of `list`. */
  look(name: string): Promise<ImageStatus>;
  /**
   * Why the image is not what was built, in words, or null: to be asked before each use. Reads the whole
   * image the first time; from then on it looks at every entry, and reads again only if one of them
   * looks otherwise. Takes milliseconds, and at most once a second at that.
   */
  damageOf(digest: string): Promise<string | null>;
  /**
   * Builds the image that the recipe lies upon first, if it is missing or of an older recipe.
   *
   * @throws ImageError, see ImageErrorCode
   */
  build(recipe: Recipe, options?: BuildOptions): Promise<Image>;
  /** What the image lies upon, itself last, as far as it is here; sizes are of what each adds. */
  layers(digest: string): Promise<ImageLayer[]>;
  /** What the image was built from; null when it came from elsewhere. */
  lockOf(digest: string): Promise<ImageLock | null>;
  /**
   * Removes images that nothing names, archives that nothing needs, and what killed builds left. An
   * image that `keep` holds stays, and so do files that other images share.
   *
   * @throws ImageError `locked` while an image is being built or fetched
   */
  gc(options: GcOptions): Promise<GcReport>;
  /** Forgets the name and removes every image that was built under it. A missing one is no error. */
  remove(name: string): Promise<void>;
}

export interface ImageStoreOptions {
  /** How long an image that was checked needs no other check; a second by default. */
  readonly recheckMs?: number;
}

const recheckMs = 1000;
const differencesShown = 5;

/** The images below a directory, which should be writable by root only and readable by everyone. */
export const imageStore = (path: string, options: ImageStoreOptions = {}): ImageStore => {
  const directory = resolvePath(path);
  const places = layout(directory);

  const load = async (name: string): Promise<Image> => {
    const digest = await readName(name);
    try {
      const manifest = ImageManifest.parse(JSON.parse(await readFile(places.manifest(digest), "utf8")));
      if (manifest.digest !== digest)
        throw new ImageError("damaged", `its manifest is of ${manifest.digest}`);
      if (!(await lstat(places.root(digest))).isDirectory())
        throw new ImageError("damaged", `${places.root(digest)} is not a directory`);
      return { ...manifest, name, root: places.root(digest) };
    } catch (error) {
      const why = error instanceof Error ? error.message.split("\n")[0] : String(error);
      throw new ImageError("damaged", `The image "${name}" is damaged (${why}); ${rebuild(name)}`, {
        cause: error,
      });
    }
  };

  const builtNames = async (): Promise<string[]> =>
    (await readdir(places.names).catch(() => [])).filter(isName);

  const readName = async (name: string): Promise<string> => {
    const file = places.name(name);
    const text = await readFile(file, "utf8").catch((error: unknown) => {
      if (systemCode(error) === "ENOENT") return null;
      throw error;
    });
    if (text === null)
      throw new ImageError(
        "missing",
        recipeByName(name) === null
          ? `There is no image "${name}" here, nor a recipe for one.`
          : `The image "${name}" was not built yet. ${rebuild(name)}`,
      );
    const digest = Digest.safeParse(text.trim());
    if (!digest.success) throw new ImageError("damaged", `${file} does not hold a digest; ${rebuild(name)}`);
    return digest.data;
  };

  /** What differs between an image and its digest, in words; null when nothing does. */
  const readAll: SoundnessOptions["readAll"] = async (digest, onEntry) => {
    const expected = await readFile(places.tree(digest), "utf8").catch(() => null);
    const root = places.root(digest);
    const tree = await readTree(root, { owner: imageOwner(directory, root), onEntry });
    if (tree.digest === digest) return null;
    if (expected === null || treeDigest(expected) !== digest)
      return "its digest differs, and its list of files is damaged too, so the place is unknown";
    const differences = treeDifferences(expected, tree.text);
    const more = differences.length - differencesShown;
    return differences.slice(0, differencesShown).join("; ") + (more > 0 ? `; and ${more} more` : "");
  };

  const soundness = new Soundness({ readAll, recheckMs: options.recheckMs ?? recheckMs });

  const isSound = async (digest: string): Promise<boolean> =>
    (await soundness.read(digest).catch(() => "unreadable")) === null;

  const status = async (
    name: string,
    look: (image: Image) => Promise<string | null>,
  ): Promise<ImageStatus> => {
    let image: Image | null = null;
    let trouble: { state: "missing" | "damaged"; reason: string } | null = null;
    try {
      image = await load(name);
      const damage = await look(image);
      if (damage !== null)
        trouble = { state: "damaged", reason: `The image "${name}" is damaged: ${damage}. ${rebuild(name)}` };
    } catch (error) {
      trouble = {
        state: error instanceof ImageError && error.code === "missing" ? "missing" : "damaged",
        reason: error instanceof Error ? error.message : String(error),
      };
    }
    const building = trouble !== null && (await isLocked(places.lock(name)));
    return {
      name,
      digest: image?.digest ?? null,
      state: building ? "building" : (trouble?.state ?? "ready"),
      reason: building ? `The image "${name}" is being built.` : (trouble?.reason ?? null),
      sizeBytes: image?.sizeBytes ?? null,
      builtAt: image?.created ?? null,
      packages: image?.packages ?? [],
    };
  };

  /** The image that the recipe lies upon, built if need be; a damaged one is not built upon. */
  const imageBelow = async (recipe: Recipe, building: BuildOptions): Promise<Below | null> => {
    if (recipe.from === null) return null;
    const lower = recipes.get(recipe.from);
    if (lower === undefined)
      throw new ImageError(
        "build_failed",
        `The recipe "${recipe.name}" lies upon "${recipe.from}", which is not in the catalogue.`,
      );
    const known = await status(lower.name, ({ digest }) => soundness.read(digest));
    if (known.state === "damaged")
      throw new ImageError("damaged", known.reason ?? `${lower.name} is damaged`);
    const image = known.state === "ready" ? await load(lower.name) : null;
    const { progress, signal, mirror } = building;
    const current =
      image?.recipe === recipeDigest(lower)
        ? image
        : await build(lower, {
            ...(signal === undefined ? {} : { signal }),
            ...(mirror === undefined ? {} : { mirror }),
            progress: (event) =>
              progress?.({ ...event, phase: "prepare", message: `${lower.name} below it: ${event.message}` }),
          });
    return {
      name: lower.name,
      digest: current.digest,
      root: places.root(current.digest),
      tree: await readFile(places.tree(current.digest), "utf8"),
    };
  };

  const build = async (recipe: Recipe, building: BuildOptions = {}): Promise<Image> => {
    checkName(recipe.name);
    await mkdir(directory, { recursive: true });
    // Boxes run under other users and must reach the root of their image, whatever the umask is.
    await chmod(directory, 0o755);
    const below = await imageBelow(recipe, building);
    const manifest = await buildImage(recipe, places, below, isSound, building);
    return { ...manifest, root: places.root(manifest.digest) };
  };

  return {
    directory,

    async list() {
      const names = new Set([...recipes.keys(), ...(await builtNames())]);
      return Promise.all([...names].sort().map((name) => status(name, async () => null)));
    },

    async look(name) {
      checkName(name);
      return status(name, async () => null);
    },

    damageOf: (digest) =>
      soundness
        .check(digest)
        .catch((error: unknown) => (error instanceof Error ? error.message : String(error))),

    resolve: load,

    async verify(name) {
      checkName(name);
      return status(name, ({ digest }) => soundness.read(digest));
    },

    build,

    async layers(digest) {
      const layers: ImageLayer[] = [];
      // What lies below is told by who published it: it may come back to where it began.
      for (let at: string | null = digest; at !== null && layers.every((one) => one.digest !== at);) {
        const manifest: ImageManifest = ImageManifest.parse(
          JSON.parse(await readFile(places.manifest(at), "utf8")),
        );
        const text = await readFile(places.tree(at), "utf8");
        const { from } = manifest;
        const below =
          from === null ? null : await readFile(places.tree(from.digest), "utf8").catch(() => null);
        const { added } = layerDifference(below, text);
        const sizeBytes = added.reduce((sum, entry) => sum + (entry.type === "f" ? entry.size : 0), 0);
        layers.unshift({ name: manifest.name, digest: at, sizeBytes });
        at = below === null ? null : (from?.digest ?? null);
      }
      return layers;
    },

    async lockOf(digest) {
      const path = places.imageLock(digest);
      const text = await readFile(path, "utf8").catch(() => null);
      return text === null ? null : parseLock(text, path);
    },

    gc: (wanted) => collectGarbage(places, wanted),

    async remove(name) {
      const lock = await acquireVisibleLock(places.lock(name), name);
      await using _ = lock;
      await rm(places.name(name), { force: true });
      const used = await Promise.all((await builtNames()).map((other) => readName(other).catch(() => "")));
      for (const digest of await readdir(directory)) {
        if (!Digest.safeParse(digest).success || used.includes(digest)) continue;
        const manifest = await readManifest(places.manifest(digest));
        if (manifest !== null && manifest.name !== name) continue;
        await removeImage(places, digest);
      }
    },
  };
};

const rebuild = (name: string): string => `Build it with: assay images build ${name}`;
