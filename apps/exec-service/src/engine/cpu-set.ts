import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";

const MAX_CPU = 1023;

/**
 * Numbers of processors as in "0-2,7"; null for "" (no wish).
 *
 * @throws RangeError saying what is wrong, also when one of them is not among `allowed`
 */
export function parseCpuSet(text: string, allowed: readonly number[]): number[] | null {
  const ranges = text.trim();
  if (ranges === "") return null;
  const cpus = new Set<number>();
  for (const range of ranges.split(",")) {
    const match = /^\s*(\d{1,4})(?:-(\d{1,4}))?\s*$/.exec(range);
    const first = Number(match?.[1] ?? Number.NaN);
    const last = Number(match?.[2] ?? first);
    if (!(first <= last && last <= MAX_CPU))
      throw new RangeError(`cpuSetLimit ${JSON.stringify(text)} is no list of processors such as 0-1,3`);
    for (let cpu = first; cpu <= last; cpu += 1) cpus.add(cpu);
  }
  const missing = [...cpus].find((cpu) => !allowed.includes(cpu));
  if (missing !== undefined)
    throw new RangeError(`cpuSetLimit ${JSON.stringify(text)}: there is no processor ${missing} here`);
  return [...cpus].toSorted((a, b) => a - b);
}

/** The processors that this process, and so the programs of this machine, may use. */
export async function allowedCpus(): Promise<number[]> {
  const status = await readFile("/proc/self/status", "latin1").catch(() => "");
  const list = /^Cpus_allowed_list:\s*([\d,-]+)$/m.exec(status)?.[1];
  const all = Array.from({ length: MAX_CPU + 1 }, (_, cpu) => cpu);
  const listed = list === undefined ? null : parseCpuSet(list, all);
  return listed ?? all.slice(0, availableParallelism());
}
