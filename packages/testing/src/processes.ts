import { readdir, readFile } from "node:fs/promises";

export interface HostProcess {
  readonly pid: number;
  /** The kernel's short name of it, at most 15 bytes. */
  readonly name: string;
  /** Arguments separated by blanks. */
  readonly commandLine: string;
}

/** Every process of this machine that matches, those in boxes included, zombies excluded. */
export async function findProcesses(matches: (one: HostProcess) => boolean): Promise<HostProcess[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const processes = await Promise.all(pids.map(readProcess));
  return processes.filter((one) => one !== null).filter(matches);
}

async function readProcess(pid: number): Promise<HostProcess | null> {
  try {
    const [name, arguments_] = await Promise.all([
      readFile(`/proc/${pid}/comm`, "utf8"),
      readFile(`/proc/${pid}/cmdline`, "utf8"),
    ]);
    if (arguments_ === "") return null;
    return { pid, name: name.trimEnd(), commandLine: arguments_.replaceAll("\0", " ").trimEnd() };
  } catch {
    return null;
  }
}
