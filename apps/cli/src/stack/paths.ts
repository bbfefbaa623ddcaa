import { chmod, chown, mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Identities } from "./identity.ts";

/** The checkout as this process sees it (a stack started by root sees it at a public place). */
export const checkout = resolve(import.meta.dirname, "../../../..");

/** The checkout's own caches: images are shared by every stack that is started from it. */
export const defaultImagesDirectory = (): string =>
  process.env["ASSAY_IMAGES_DIR"] ?? join(checkout, ".cache/images");

/** Where `assay up` keeps what must survive it. */
export const defaultDataDirectory = "/var/lib/assay";

/** A stack's directories. Each belongs to exactly one user. */
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
  await own(data, 0, 0, 0o711);
  await own(paths.database, identities.database.uid, identities.database.gid, 0o711);
  for (const directory of [join(data, "server"), paths.blobs, paths.secrets])
    await own(directory, identities.server.uid, identities.server.gid, 0o700);
  for (const directory of [join(data, "runner"), paths.runnerCache])
    await own(directory, identities.runner.uid, identities.runner.gid, 0o700);
  await own(join(data, "sandbox"), 0, 0, 0o711);
  await own(paths.sandboxState, 0, 0, 0o700);
  await own(paths.sandboxRun, 0, 0, 0o755);
  return paths;
}

async function own(directory: string, uid: number, gid: number, mode: number): Promise<void> {
  await mkdir(directory, { recursive: true, mode });
  await chown(directory, uid, gid);
  await chmod(directory, mode);
}
