import { createHash } from "node:crypto";

/** What an image is made of. Pure data: two equal recipes have the same digest. */
export interface Recipe {
  /** Lower-case letters, digits and hyphens; the name under which the image is resolved. */
  readonly name: string;
  readonly description: string;
  /** Debian suite, for example "bookworm". */
  readonly suite: string;
  /** Debian packages; what they depend on comes along, what they recommend does not. */
  readonly packages: readonly string[];
  /** Free space that a build needs: package lists, archives, and the tree twice; bytes. */
  readonly buildBytes: number;
  /** Globs over paths below the root (no leading slash); a match goes with all that is below it. */
  readonly remove: readonly string[];
  /** Commands inside the image that finish it, run without network as the image's root. */
  readonly finish: readonly (readonly string[])[];
  /** Commands inside the trimmed image that must exit with 0: they find what was trimmed too far. */
  readonly probes: readonly Probe[];
}

export interface Probe {
  readonly argv: readonly string[];
  /** Exact standard output that is expected, or null when only the exit code counts. */
  readonly stdout: string | null;
}

/** Changes when the builder makes another tree of the same recipe. */
const builderVersion = 1;

/** SHA-256, lower-case hex, over the recipe and the builder's version. */
export const recipeDigest = (recipe: Recipe): string => {
  const { name, suite, packages, remove, finish, probes } = recipe;
  const canonical = [
    builderVersion,
    name,
    suite,
    packages.toSorted(),
    remove.toSorted(),
    finish,
    probes.map(({ argv, stdout }) => [argv, stdout]),
  ];
  return createHash("sha256").update(JSON.stringify(canonical)).digest("hex");
};
