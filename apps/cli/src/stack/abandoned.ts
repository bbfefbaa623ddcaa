import { lstat, readdir, readFile, readlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { removeTree } from "@assay/images";
import { processOf } from "./leftovers.ts";

const ownerFile = "owner";

/** Marks a temporary directory as this process's. */
export async function markOwned(directory: string): Promise<void> {
  const { bootId, pidNamespace } = await here();
  const startTime = (await processOf(process.pid))?.startTime ?? "";
  const owner = [bootId, pidNamespace, process.pid, startTime].join(" ");
  await writeFile(join(directory, ownerFile), owner, { mode: 0o600 });
}

/**
 * Removes the temporary directories of processes that ended without doing so (kill -9, a crash of the
 * machine), and returns their paths. Those of others, and those whose owner may still live, stay.
 */
export async function removeAbandoned(parent: string): Promise<string[]> {
  const removed: string[] = [];
  for (const name of await readdir(parent)) {
    if (!/^assay-[A-Za-z0-9]{6}$/.test(name)) continue;
    const path = join(parent, name);
    // In a directory that all may write to, a name proves nothing.
    const status = await lstat(path).catch(() => null);
    if (!status?.isDirectory() || status.uid !== process.getuid?.()) continue;
    if (!(await isOwnerGone(path))) continue;
    // A service that was taken over may have left a process, in directories that are its own.
    await removeTree(path);
    removed.push(path);
  }
  return removed;
}

async function isOwnerGone(directory: string): Promise<boolean> {
  const text = await readFile(join(directory, ownerFile), "utf8").catch(() => "");
  const [bootId, pidNamespace, pid, startTime] = text.split(" ");
  if (startTime === undefined) return false;
  const now = await here();
  if (bootId !== now.bootId) return true;
  // A process id of another namespace (a container that shares this directory) can't be looked up.
  if (pidNamespace !== now.pidNamespace) return false;
  return (await processOf(Number(pid)))?.startTime !== startTime;
}

const here = async (): Promise<{ bootId: string; pidNamespace: string }> => ({
  bootId: (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim(),
  pidNamespace: await readlink("/proc/self/ns/pid"),
});
