import { createHash } from "node:crypto";

/** What an image is made of. Pure data: two equal recipes have the same digest. */
export interface Recipe {
  /** Lower-case letters, digits and hyphens; the name under which the image is resolved. */
  readonly name: string;
  readonly description: string;
  /**
   * Name of the recipe whose image lies below this one, null for the lowest. A recipe is whole in
   * itself: this only says which files need not be stored, sent and kept in memory twice.
   */
  readonly from: string | null;
  /** Debian suite, for example "bookworm". */
  readonly suite: string;
  /** Debian packages; what they depend on comes along, what they recommend does not. */
  readonly packages: readonly string[];
  /** Packages of the npm registry, unpacked after trimming; their scripts never run. */
  readonly npm: readonly NpmPackage[];
  /** Text files that are written after trimming, by path without a leading slash; `#!` makes a program. */
  readonly files: Readonly<Record<string, string>>;
  /** Free space that a build needs: package lists, archives, and the tree twice; bytes. */
  readonly buildBytes: number;
  /** Globs over paths below the root (no leading slash); a match goes with all that is below it. */
  readonly remove: readonly string[];
  /** Commands inside the image that finish it, run without network as the image's root. */
  readonly finish: readonly (readonly string[])[];
  /** Commands inside the trimmed image that must exit with 0: they find what was trimmed too far. */
  readonly probes: readonly Probe[];
}

export interface NpmPackage {
  /** Per Debian architecture, where a package holds programs for one; `all` otherwise. */
  readonly name: Readonly<Partial<Record<"amd64" | "arm64" | "all", string>>>;
  /** Exact. */
  readonly version: string;
  /** Directory that its files go to, below the root. */
  readonly into: string;
}

export interface Probe {
  readonly argv: readonly string[];
  /** Exact standard output that is expected, or null when only the exit code counts. */
  readonly stdout: string | null;
}

/** Changes when the builder makes another tree of the same recipe. */
const builderVersion = 2;

/** SHA-256, lower-case hex, over the recipe and the builder's version. */
export const recipeDigest = (recipe: Recipe): string => {
  const { from, suite, packages, npm, files, remove, finish, probes } = recipe;
  const canonical = [
    builderVersion,
    recipe.name,
    from,
    suite,
    packages.toSorted(),
    npm.map(({ name, version, into }) => [Object.entries(name).toSorted(byKey), version, into]),
    Object.entries(files).toSorted(byKey),
    remove.toSorted(),
    finish,
    probes.map(({ argv, stdout }) => [argv, stdout]),
  ];
  return createHash("sha256").update(JSON.stringify(canonical)).digest("hex");
};

const byKey = ([a]: readonly [string, string], [b]: readonly [string, string]): number => (a < b ? -1 : 1);

/** What a recipe adds to the one that it lies upon. */
export type Addition = Pick<Recipe, "name" | "description" | "packages"> &
  Partial<Pick<Recipe, "npm" | "files" | "remove" | "finish" | "probes">> & {
    /** Space that it needs besides what its base needs. */
    readonly buildBytes: number;
    /** Patterns of the base that would take what this one needs. */
    readonly keep?: readonly string[];
  };

/** A recipe upon another one: everything of both, the base's first; only the own probes. */
export const upon = (base: Recipe, own: Addition): Recipe => ({
  name: own.name,
  description: own.description,
  from: base.name,
  suite: base.suite,
  packages: [...new Set([...base.packages, ...own.packages])],
  npm: [...base.npm, ...(own.npm ?? [])],
  files: { ...base.files, ...own.files },
  buildBytes: base.buildBytes + own.buildBytes,
  remove: [...base.remove.filter((pattern) => own.keep?.includes(pattern) !== true), ...(own.remove ?? [])],
  finish: [...base.finish, ...(own.finish ?? [])],
  probes: own.probes ?? [],
});
