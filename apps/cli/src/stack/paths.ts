import { chmod, lchown, lstat, mkdir, readdir, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { usageError } from "../exit.ts";
import type { Identities } from "./identity.ts";

/** The checkout as this process sees it (a stack started by root sees it at a public place). */
export const checkout = resolve(import.meta.dirname, "../../../..");

/** The checkout's own caches: images are shared by every stack that is started from it. */
export const defaultImagesDirectory = (): string =>
  resolve(process.env["ASSAY_IMAGES_DIR"] ?? join(checkout, ".cache/images"));

/** Where `assay up` keeps what must survive it. */
export const defaultDataDirectory = "/var/lib/assay";

/**
 * A stack's directories. Each belongs to exactly one user.
 *
 * What root makes, gives away or writes here always lies in a directory of root's own: in one that
 * belongs to a service, that service could put a link to any file of the machine in its place.
 */
export interface StackPaths {
  readonly data: string;
  readonly database: string;
  readonly blobs: string;
  readonly secrets: string;
  readonly runnerCache: string;
  readonly runnerToken: string;
  readonly sandboxState: string;
  readonly sandboxRun: string;
}

/**
 * Makes the directories of a stack, each with its one owner.
 *
 * @throws CommandFailure when `data` is not fit for that; nothing is changed then
 */
export async function prepareStackPaths(data: string, identities: Identities): Promise<StackPaths> {
  const paths: StackPaths = {
    data,
    database: join(data, "database"),
    blobs: join(data, "server/blobs"),
    secrets: join(data, "server/secrets"),
    runnerCache: join(data, "runner/cache"),
    runnerToken: join(data, "runner/token"),
    sandboxState: join(data, "sandbox/state"),
    sandboxRun: join(data, "sandbox/run"),
  };
  await requireFit(paths);
  await own(data, 0, 0, 0o711);
  // First, because it is what tells a data directory from any other, even after an interrupted start.
  await own(join(data, "sandbox"), 0, 0, 0o711);
  await own(paths.sandboxState, 0, 0, 0o700);
  await own(paths.sandboxRun, 0, 0, 0o755);
  for (const directory of [paths.database, join(data, "server"), join(data, "runner")])
    await own(directory, 0, 0, 0o711);
  for (const directory of [paths.blobs, paths.secrets])
    await own(directory, identities.server.uid, identities.server.gid, 0o700);
  await own(paths.runnerCache, identities.runner.uid, identities.runner.gid, 0o700);
  return paths;
}

/** Owners and modes are set, so a directory with anything else in it (`/tmp`, a home) must never be taken. */
async function requireFit({ data, sandboxState }: StackPaths): Promise<void> {
  const entries = await readdir(data).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw usageError(`${data} can't be the data directory: ${error.message}`);
  });
  if (entries.length > 0 && !(await stat(sandboxState).catch(() => null)))
    throw usageError(
      `${data} holds other things and is no data directory of Assay; name an empty or a new directory`,
    );
  for (let parent = dirname(data); parent !== dirname(parent); parent = dirname(parent)) {
    const mode = (await stat(parent).catch(() => null))?.mode;
    if (mode !== undefined && (mode & 0o001) === 0)
      throw usageError(
        `${data} can't be the data directory: the users of the services may not pass ${parent} ` +
          `(chmod o+x ${parent}, or name another directory)`,
      );
  }
}

async function own(directory: string, uid: number, gid: number, mode: number): Promise<void> {
  await mkdir(directory, { recursive: true, mode });
  if (!(await lstat(directory)).isDirectory())
    throw usageError(`${directory} must be a directory, and no link to one`);
  await lchown(directory, uid, gid);
  await chmod(directory, mode);
}
