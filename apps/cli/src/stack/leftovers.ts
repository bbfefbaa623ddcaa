import { open, readdir, readFile, readlink, stat, type FileHandle } from "node:fs/promises";
import { join } from "node:path";

/** What a running stack occupies on the machine, taken before it stops, to be looked for afterwards. */
export interface Footprint extends AsyncDisposable {
  /** With the start time, because the kernel uses process ids again. */
  readonly processes: readonly { pid: number; startTime: string; command: string }[];
  /**
   * Inodes of network namespaces that only this stack's processes are in. They are held open until
   * disposal, because the kernel uses their numbers again: otherwise a stranger could have one.
   */
  readonly networkNamespaces: ReadonlySet<string>;
  /** The name of this stack's control groups, in every hierarchy. */
  readonly cgroupName: string;
  readonly directory: string;
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  /** Clock ticks since boot; with the process id it names one process for as long as the machine runs. */
  readonly startTime: string;
  readonly command: string;
}

/** @param roots process ids of the stack's parts; `sandboxId` the name that sandboxd gave its state. */
export async function footprint(
  roots: readonly number[],
  sandboxId: string,
  directory: string,
): Promise<Footprint> {
  const all = await processes();
  const ours = new Set(roots);
  for (let size = -1; size !== ours.size;) {
    size = ours.size;
    for (const one of all) if (ours.has(one.parent)) ours.add(one.pid);
  }
  const own = await networkNamespaceOf("self");
  const namespaces = new Map<string, FileHandle>();
  for (const pid of ours) {
    const namespace = await networkNamespaceOf(String(pid));
    if (namespace === null || namespace === own || namespaces.has(namespace)) continue;
    const held = await open(`/proc/${pid}/ns/net`).catch(() => null);
    if (held !== null) namespaces.set(namespace, held);
  }
  return {
    processes: all.filter((one) => ours.has(one.pid)),
    networkNamespaces: new Set(namespaces.keys()),
    cgroupName: `assay-${sandboxId}`,
    directory,
    async [Symbol.asyncDispose]() {
      for (const held of namespaces.values()) await held.close();
    },
  };
}

/** What is still there of a stack that has stopped, one sentence each; empty when nothing is. */
export async function leftovers(before: Footprint): Promise<string[]> {
  const found: string[] = [];
  const now = await processes();
  for (const old of before.processes)
    if (now.some((one) => one.pid === old.pid && one.startTime === old.startTime))
      found.push(`process ${old.pid} (${old.command}) is still running`);
  for (const { pid, command } of now) {
    const namespace = await networkNamespaceOf(String(pid));
    if (namespace !== null && before.networkNamespaces.has(namespace))
      found.push(`network namespace ${namespace} is kept by process ${pid} (${command})`);
    const mounts = await readFile(`/proc/${pid}/mountinfo`, "utf8").catch(() => "");
    if (mounts.includes(before.directory))
      found.push(`process ${pid} (${command}) has a mount of ${before.directory}`);
  }
  for (const path of await cgroupsNamed("/sys/fs/cgroup", before.cgroupName, 6))
    found.push(`control group ${path} is still there`);
  if (await exists(before.directory)) found.push(`directory ${before.directory} is still there`);
  return found;
}

async function processes(): Promise<Process[]> {
  const entries = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(entries.map((name) => processOf(Number(name))));
  return found.filter((one) => one !== null);
}

/** Null when there is no such process, or only its exit code is left of it. */
export async function processOf(pid: number): Promise<Process | null> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  if (text === null) return null;
  // The command may hold spaces and parentheses; what follows its last ")" is fixed (proc(5)).
  const end = text.lastIndexOf(")");
  const fields = text.slice(end + 2).split(" ");
  // A zombie holds nothing any more but its number, until init has read its exit code.
  if (fields[0] === "Z") return null;
  return {
    pid,
    command: text.slice(text.indexOf("(") + 1, end),
    parent: Number(fields[1]),
    startTime: fields[19] ?? "",
  };
}

const networkNamespaceOf = (pid: string): Promise<string | null> =>
  readlink(`/proc/${pid}/ns/net`).catch(() => null);

async function cgroupsNamed(directory: string, name: string, depth: number): Promise<string[]> {
  if (depth === 0) return [];
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  const found: string[] = [];
  for (const entry of entries) {
    if (!entry.isDirectory()) continue;
    const path = join(directory, entry.name);
    if (entry.name === name) found.push(path);
    else found.push(...(await cgroupsNamed(path, name, depth - 1)));
  }
  return found;
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
