import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";

/** The kernel tells CPU time in hundredths of a second on every architecture. */
const MS_PER_TICK = 10;

export interface Usage {
  readonly cpuUserMs: number;
  readonly cpuSystemMs: number;
  /** What the program's memory, its caches and /tmp occupy in gVisor's kernel. */
  readonly memoryBytes: number;
  /** What gVisor's kernel needs for itself. */
  readonly kernelBytes: number;
  /** Processes of the program; its threads are not counted. */
  readonly processes: number;
}

interface Member {
  readonly pid: number;
  readonly parent: number;
}

/**
 * What a box uses, seen from the machine. gVisor's kernel (the process runsc-sandbox) keeps all memory
 * of the program in one memory file, and makes one child for all the address spaces, whose children
 * are one per process.
 */
export class UsageReader {
  #root: number;
  #kernel: { readonly pid: number; readonly memory: string } | null = null;

  /** @param root a process of this machine whose descendants are the box */
  constructor(root: number) {
    this.#root = root;
  }

  read(): Usage {
    const members = descendants(this.#root);
    this.#kernel ??= findKernel(members);
    const kernel = this.#kernel;
    const spaces = members.filter(({ parent }) => parent === kernel?.pid).map(({ pid }) => pid);
    return {
      ...cpuOf([{ pid: this.#root, parent: 0 }, ...members]),
      memoryBytes: kernel === null ? 0 : bytesOf(kernel.memory),
      kernelBytes: kernel === null ? 0 : anonymousBytes(kernel.pid),
      processes: members.filter(({ parent }) => spaces.includes(parent)).length,
    };
  }
}

function descendants(root: number): Member[] {
  const members: Member[] = [];
  const queue = [root];
  for (const parent of queue) {
    for (const thread of attempt(() => readdirSync(`/proc/${parent}/task`)) ?? []) {
      const children = attempt(() => readFileSync(`/proc/${parent}/task/${thread}/children`, "latin1")) ?? "";
      for (const word of children.split(" ")) {
        if (word === "") continue;
        members.push({ pid: Number(word), parent });
        queue.push(Number(word));
      }
    }
  }
  return members;
}

function cpuOf(members: readonly Member[]): Pick<Usage, "cpuUserMs" | "cpuSystemMs"> {
  let user = 0;
  let system = 0;
  for (const { pid } of members) {
    const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, "latin1"));
    if (stat === null) continue;
    // After the name, which may hold anything: state is the first, utime the 12th, then stime, cutime, cstime.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    user += Number(fields[11]) + Number(fields[13]);
    system += Number(fields[12]) + Number(fields[14]);
  }
  return { cpuUserMs: user * MS_PER_TICK, cpuSystemMs: system * MS_PER_TICK };
}

function findKernel(members: readonly Member[]): { pid: number; memory: string } | null {
  for (const { pid } of members) {
    const commandLine = attempt(() => readFileSync(`/proc/${pid}/cmdline`, "latin1"));
    if (commandLine?.startsWith("runsc-sandbox") !== true) continue;
    for (const fd of attempt(() => readdirSync(`/proc/${pid}/fd`)) ?? []) {
      const memory = `/proc/${pid}/fd/${fd}`;
      if (attempt(() => readlinkSync(memory))?.startsWith("/memfd:runsc-memory") === true)
        return { pid, memory };
    }
  }
  return null;
}

const bytesOf = (path: string): number => (attempt(() => statSync(path))?.blocks ?? 0) * 512;

function anonymousBytes(pid: number): number {
  const status = attempt(() => readFileSync(`/proc/${pid}/status`, "latin1")) ?? "";
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

/** What ends while it is looked at is not there. */
function attempt<Value>(look: () => Value): Value | null {
  try {
    return look();
  } catch {
    return null;
  }
}
