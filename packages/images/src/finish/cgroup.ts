import { randomBytes } from "node:crypto";
import { mkdir, readFile, readdir, rmdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { systemCode } from "../errors.ts";
import type { FinishLimits } from "./limits.ts";

/**
 * Cgroups for one command, of v1 or v2, where we may make some: the kernel then bounds memory and
 * processes, whoever the processes belong to (it never bounds the number of root's otherwise).
 */
export interface Cgroups extends AsyncDisposable {
  /** Files into which a process that is to be bounded writes 0. */
  readonly entrances: readonly string[];
  readonly bounds: ReadonlySet<Controller>;
  /** Which of the limits was reached so far. */
  reached(): Promise<Controller | null>;
}

type Controller = Extract<keyof FinishLimits, "memoryBytes" | "processes">;

/** Files of a cgroup, in one of the two versions. */
interface Files {
  /** What is written where; those that may fail are missing on some kernels. */
  readonly limits: (limits: FinishLimits) => readonly (readonly [string, number, "may fail"?])[];
  /** File and word whose count says that the limit was reached. */
  readonly events: readonly [string, string];
}

const files: Readonly<Record<1 | 2, Readonly<Record<Controller, Files>>>> = {
  1: {
    memoryBytes: {
      limits: ({ memoryBytes }) => [
        ["memory.limit_in_bytes", memoryBytes],
        ["memory.memsw.limit_in_bytes", memoryBytes, "may fail"],
      ],
      events: ["memory.oom_control", "oom_kill"],
    },
    processes: { limits: ({ processes }) => [["pids.max", processes]], events: ["pids.events", "max"] },
  },
  2: {
    memoryBytes: {
      limits: ({ memoryBytes }) => [
        ["memory.max", memoryBytes],
        ["memory.swap.max", 0, "may fail"],
      ],
      events: ["memory.events", "oom_kill"],
    },
    processes: { limits: ({ processes }) => [["pids.max", processes]], events: ["pids.events", "max"] },
  },
};

const kernelNames: Readonly<Record<Controller, string>> = { memoryBytes: "memory", processes: "pids" };
const controllers: readonly Controller[] = ["memoryBytes", "processes"];
const prefix = "assay-build-";

/** Makes cgroups with these limits, as far as that is allowed here. */
export const makeCgroups = async (limits: FinishLimits): Promise<Cgroups> => {
  const name = `${prefix}${process.pid}-${randomBytes(4).toString("hex")}`;
  const made: { readonly path: string; readonly controller: Controller; readonly version: 1 | 2 }[] = [];
  for (const controller of controllers)
    for (const { parent, version } of await parentsFor(controller)) {
      const path = join(parent, name);
      // All controllers of v2 share one hierarchy, in which a process is in one place only.
      if (version === 2 && made.some((other) => other.version === 2 && other.path !== path)) continue;
      if (!(await isBounded(path, files[version][controller], limits))) continue;
      made.push({ path, controller, version });
      break;
    }
  const paths = [...new Set(made.map(({ path }) => path))];
  return {
    entrances: paths.map((path) => join(path, "cgroup.procs")),
    bounds: new Set(made.map(({ controller }) => controller)),
    async reached() {
      for (const { path, controller, version } of made) {
        const [file, word] = files[version][controller].events;
        const text = await readFile(join(path, file), "utf8").catch(() => "");
        if (!new RegExp(`^${word} 0*[1-9]`, "m").test(text)) continue;
        return controller;
      }
      return null;
    },
    async [Symbol.asyncDispose]() {
      for (const path of paths) await remove(path);
    },
  };
};

/** Makes the cgroup if need be and sets its limits; false, and none is left, where that can't be. */
const isBounded = async (path: string, { limits: wanted }: Files, limits: FinishLimits): Promise<boolean> => {
  const isOurs = await mkdir(path).then(
    () => true,
    (error: unknown) => systemCode(error) !== "EEXIST" && null,
  );
  if (isOurs === null) return false;
  try {
    for (const [file, value, mayFail] of wanted(limits))
      // Opened as it is: a controller that was not handed down has no such file, and none may be made.
      await writeFile(join(path, file), String(value), { flag: "r+" }).catch((error: unknown) => {
        if (mayFail === undefined) throw error;
      });
    return true;
  } catch {
    if (isOurs) await remove(path);
    return false;
  }
};

/** Cgroups below which one with this controller may be made, the nearest first. */
const parentsFor = async (controller: Controller): Promise<{ parent: string; version: 1 | 2 }[]> => {
  const kernelName = kernelNames[controller];
  const mounts = (await readFile("/proc/self/mountinfo", "utf8").catch(() => "")).split("\n").map(mountOf);
  const own = (await readFile("/proc/self/cgroup", "utf8").catch(() => "")).trimEnd().split("\n").map(ownOf);
  const first = mounts.find((mount) => mount?.type === "cgroup" && mount.options.includes(kernelName));
  const path = own.find(({ names }) => names.includes(kernelName))?.path;
  const parents: { parent: string; version: 1 | 2 }[] = [];
  if (first !== undefined && first !== null && path !== undefined)
    parents.push({ parent: below(first, path), version: 1 });
  const unified = mounts.find((mount) => mount?.type === "cgroup2") ?? null;
  const ownUnified = own.find(({ names }) => names.length === 0)?.path;
  if (unified !== null && ownUnified !== undefined) {
    const here = below(unified, ownUnified);
    // One that hands controllers down holds no processes, so that it is rarely our own; the top one may.
    const above = here === unified.point ? [] : [dirname(here), here];
    parents.push(
      ...[...new Set([...above, unified.point])].map((parent) => ({ parent, version: 2 as const })),
    );
    if (parents.length > 0)
      await writeFile(join(unified.point, "cgroup.subtree_control"), `+${kernelName}`, { flag: "r+" }).catch(
        () => undefined,
      );
  }
  for (const { parent } of parents) await sweep(parent);
  return parents;
};

interface Mount {
  readonly type: string;
  readonly root: string;
  readonly point: string;
  readonly options: readonly string[];
}

const mountOf = (line: string): Mount | null => {
  const [head = "", tail = ""] = line.split(" - ");
  const [, , , root = "", point = ""] = head.split(" ");
  const [type = "", , options = ""] = tail.split(" ");
  return point === "" ? null : { type, root, point, options: options.split(",") };
};

const ownOf = (line: string): { readonly names: readonly string[]; readonly path: string } => {
  const [, names = "", ...path] = line.split(":");
  return { names: names === "" ? [] : names.split(","), path: path.join(":") };
};

/** Where a cgroup lies: what is mounted may be a part of the hierarchy only. */
const below = ({ root, point }: Mount, path: string): string =>
  join(point, root !== "/" && path.startsWith(root) ? path.slice(root.length) : path);

/** Removes what builders left that were killed. */
const sweep = async (parent: string): Promise<void> => {
  for (const name of await readdir(parent).catch(() => [])) {
    const [, pid] = /^assay-build-(\d+)-[0-9a-f]{8}$/.exec(name) ?? [];
    if (pid !== undefined && !isAlive(Number(pid))) await rmdir(join(parent, name)).catch(() => undefined);
  }
};

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return systemCode(error) !== "ESRCH";
  }
};

const tries = 50;
const betweenMs = 20;

/** A process that has just ended may count for a moment still; what stays goes with the next build. */
const remove = async (path: string): Promise<void> => {
  for (let attempt = 1; attempt <= tries; attempt++)
    try {
      return await rmdir(path);
    } catch (error) {
      if (systemCode(error) !== "EBUSY") return;
      await delay(betweenMs);
    }
};
