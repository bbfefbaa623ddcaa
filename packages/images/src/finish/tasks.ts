import { readFileSync, readdirSync } from "node:fs";

export interface TasksUsage {
  /** Processes and threads. */
  readonly count: number;
  /** Memory that is theirs, without what they share with files; bytes. */
  readonly memoryBytes: number;
}

/**
 * What a process and all its descendants use, as far as /proc says; at most about `most` tasks are counted.
 * What ends meanwhile is left out.
 */
export const tasksOf = (pid: number, most: number): TasksUsage => {
  let count = 0;
  let memoryBytes = 0;
  const pending = [pid];
  for (let next = pending.pop(); next !== undefined && count <= most; next = pending.pop()) {
    const directory = `/proc/${next}`;
    try {
      const status = readFileSync(`${directory}/status`, "utf8");
      count += fieldOf(status, "Threads");
      memoryBytes += 1024 * (fieldOf(status, "RssAnon") + fieldOf(status, "RssShmem"));
      for (const thread of readdirSync(`${directory}/task`))
        pending.push(
          ...readFileSync(`${directory}/task/${thread}/children`, "utf8")
            .split(" ")
            .filter(Boolean)
            .map(Number),
        );
    } catch {
      continue;
    }
  }
  return { count, memoryBytes };
};

const fieldOf = (status: string, name: string): number =>
  Number(new RegExp(`^${name}:\\s*(\\d+)`, "m").exec(status)?.[1] ?? 0);
