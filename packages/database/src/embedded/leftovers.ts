import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { socketName } from "./socket.ts";

/** Every process of PostgreSQL lives in its cluster's directory, so that is how its own are told from others. */
export const processesIn = (cluster: string): readonly number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`) === cluster;
      } catch {
        // Gone meanwhile, or somebody else's.
        return false;
      }
    });

/** pid and status that a postmaster left in its cluster; null where there is no file. */
const readPostmasterFile = (cluster: string): { pid: number; status: string } | null => {
  try {
    const lines = readFileSync(join(cluster, "postmaster.pid"), "utf8").split("\n");
    return { pid: Number(lines[0]), status: lines[7]?.trim() ?? "" };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
};

const exists = (pid: number): boolean => {
  try {
    readlinkSync(`/proc/${pid}/exe`);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EACCES";
  }
};

const pollMs = 10;
/** A server that does not stop within this is not dying. */
const servingMs = 3_000;
/** Long enough for the last checkpoint of one that is. */
const stoppingMs = 60_000;

/**
 * Makes way after an earlier server of the same cluster: waits while it is dying, and removes what
 * would keep the next one from starting although nobody is there.
 *
 * @throws with a sentence when a server is alive and well
 */
export const clearLeftovers = async (
  cluster: string,
  socketDirectory: string,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<void> => {
  const real = await realpath(cluster);
  const startedAt = performance.now();
  for (let said = false; ;) {
    const file = readPostmasterFile(cluster);
    if (file === null) break;
    const alive = processesIn(real);
    if (alive.length === 0) break;
    const served = alive.includes(file.pid) && file.status !== "stopping";
    if (performance.now() - startedAt > (served ? servingMs : stoppingMs))
      throw new Error(
        `The database in ${cluster} is already served by process ${alive[0]}: stop it first, or use another data directory.`,
      );
    if (!said) log(`waiting for an earlier server of ${cluster} to end`);
    said = true;
    await delay(pollMs, undefined, { signal });
  }

  const file = readPostmasterFile(cluster);
  // Its number belongs to another program by now (after a reboot, or in a container), which
  // PostgreSQL would take for a living server. When nobody has the number, PostgreSQL makes its own,
  // stricter checks, so the file stays.
  if (file !== null && exists(file.pid)) await rm(join(cluster, "postmaster.pid"), { force: true });
  for (const name of [socketName, `${socketName}.lock`])
    await rm(join(socketDirectory, name), { force: true });
};
