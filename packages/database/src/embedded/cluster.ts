import { chown, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { OsUser } from "./access.ts";
import type { Binaries } from "./binaries.ts";
import { runToEnd, start } from "./process.ts";

/** The role and the database that Assay uses. Not a superuser: that one can only be reached offline. */
export const roleName = "assay";

const isMissing = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ENOENT";

/** The major version that made a cluster, or null when there is none. */
const clusterVersion = async (cluster: string): Promise<string | null> => {
  try {
    return (await readFile(join(cluster, "PG_VERSION"), "utf8")).trim();
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
};

const unfinished = /^initdb-(\d+)$/;

/** An initialisation that was killed half-way left a directory that nobody may use. */
const removeUnfinished = async (dataDirectory: string): Promise<void> => {
  for (const name of await readdir(dataDirectory)) {
    const pid = unfinished.exec(name)?.[1];
    if (pid !== undefined && (Number(pid) === process.pid || !isAlive(Number(pid))))
      await rm(join(dataDirectory, name), { recursive: true, force: true });
  }
};

const firstStatements = `
create role ${roleName} login createdb
grant pg_monitor to ${roleName}
create database ${roleName} owner ${roleName}
`;

/**
 * Makes the cluster where there is none yet. It gets its final name only when it is complete.
 *
 * @throws with a sentence when another major version of PostgreSQL made the one that is there
 */
export const ensureCluster = async (
  binaries: Binaries,
  dataDirectory: string,
  user: OsUser | null,
  options: { readonly durable: boolean },
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<string> => {
  const cluster = join(dataDirectory, "cluster");
  const version = await clusterVersion(cluster);
  if (version === String(binaries.major)) return cluster;
  if (version !== null)
    throw new Error(
      `The database in ${cluster} was made by PostgreSQL ${version}, and this Assay brings PostgreSQL ${binaries.major}: ` +
        `serve it with a PostgreSQL ${version} of your own and set DATABASE_URL, or dump it with that version, move the directory away and load the dump into the new one.`,
    );

  await removeUnfinished(dataDirectory);
  const fresh = join(dataDirectory, `initdb-${process.pid}`);
  await mkdir(fresh, { mode: 0o700 });
  if (user !== null) await chown(fresh, user.uid, user.gid);
  log("making a new database cluster");
  await runToEnd(
    start(binaries, user, binaries.initdb, [
      `--pgdata=${fresh}`,
      "--username=postgres",
      "--auth-local=peer",
      "--auth-host=reject",
      "--encoding=UTF8",
      "--locale=C",
      // Sorts the same on every machine, whatever its C library.
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--no-instructions",
      ...(options.durable ? [] : ["--no-sync"]),
    ]),
    "initdb",
    "",
    log,
    signal,
  );
  // Each line is one statement to a server without network, in the name of its superuser.
  await runToEnd(
    start(binaries, user, binaries.postgres, [
      "--single",
      "-D",
      fresh,
      ...(options.durable ? [] : ["-F"]),
      "postgres",
    ]),
    "Making the database",
    firstStatements.trimStart(),
    () => {},
    signal,
  );
  await rename(fresh, cluster);
  return cluster;
};
