import { lstat, readdir, readFile, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { AssayError } from "@assay/contracts";
import type { PackageManifest } from "@assay/contracts";

export interface PackageEntry {
  /** Relative to the package's root, "/" between components. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** What it holds, of a program's file whose name alone does not tell its language. */
  readonly content?: Uint8Array;
}

/** Where the files of a problem package come from. */
export interface PackageFiles {
  list(): Promise<readonly PackageEntry[]>;
  /** Throws AssayError `package_invalid` when there is no such file. */
  read(path: string): Promise<Uint8Array>;
  /** SHA-256 of a file where it is known without reading it; otherwise null. */
  digest?(path: string): string | null;
}

/** Of a package larger than this nobody gains anything but a slow refusal. */
const maxEntries = 50_000;

/** What tools keep beside a package (`.git`); `.timelimit` in the root is the one with a meaning. */
export const isHiddenPath = (path: string): boolean =>
  path !== ".timelimit" && path.split("/").some((name) => name.startsWith("."));

/** The format ignores names that start with a dot or a dash. */
export const isIgnoredPath = (path: string): boolean =>
  isHiddenPath(path) || path.split("/").some((name) => name.startsWith("-"));

const missing = (path: string): AssayError =>
  new AssayError("package_invalid", `${path}: there is no such file in the package`, {
    issues: [{ where: path, line: null, message: "there is no such file in the package" }],
  });

/**
 * A package in a directory. Links are followed as long as they stay inside of it, as the format
 * allows; one that leaves it, or that runs in a circle, is AssayError `package_unsafe`.
 */
export const directoryFiles = (directory: string): PackageFiles => {
  const found = scan(directory);
  // An unhandled rejection must not end the process when only read() is ever called.
  found.catch(() => undefined);
  return {
    list: async () => [...(await found).values()].map(({ path, size }) => ({ path, size })),
    read: async (path) => {
      const file = (await found).get(path);
      if (file === undefined) throw missing(path);
      return await readFile(file.real);
    },
  };
};

interface FoundFile extends PackageEntry {
  readonly real: string;
}

const unsafe = (path: string, why: string): AssayError =>
  new AssayError("package_unsafe", `${path}: ${why}`, {
    issues: [{ where: path, line: null, message: why }],
  });

const scan = async (directory: string): Promise<ReadonlyMap<string, FoundFile>> => {
  const root = await realpath(directory);
  const files = new Map<string, FoundFile>();

  const visit = async (relative: string, ancestors: readonly string[]): Promise<void> => {
    const real = await realpath(join(root, relative)).catch(() => {
      throw unsafe(relative, "this link leads nowhere");
    });
    if (real !== root && !real.startsWith(root + sep)) throw unsafe(relative, "this link leaves the package");
    if (ancestors.includes(real)) throw unsafe(relative, "this link runs in a circle");
    const status = await lstat(real);
    if (status.isFile()) {
      files.set(relative, { path: relative, size: status.size, real });
      if (files.size > maxEntries) {
        throw new AssayError("package_too_large", `the package holds more than ${maxEntries} files`);
      }
    } else if (status.isDirectory()) {
      for (const name of (await readdir(real)).sort()) {
        const path = relative === "" ? name : `${relative}/${name}`;
        if (!isHiddenPath(path)) await visit(path, [...ancestors, real]);
      }
    } else {
      throw unsafe(relative, "this is neither a file nor a directory");
    }
  };

  await visit("", []);
  return files;
};

/** A package as a server keeps it: a manifest of digests, and blobs. */
export const manifestFiles = (
  manifest: PackageManifest,
  readBlob: (digest: string) => Promise<Uint8Array>,
): PackageFiles => {
  const byPath = new Map(manifest.files.map((file) => [file.path, file]));
  return {
    list: () => Promise.resolve(manifest.files.map(({ path, size }) => ({ path, size }))),
    read: async (path) => {
      const file = byPath.get(path);
      if (file === undefined) throw missing(path);
      return await readBlob(file.sha256);
    },
    digest: (path) => byPath.get(path)?.sha256 ?? null,
  };
};
