import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";

/**
 * Whether each slot has a processor of its own: with `auto` when there are more processors than slots,
 * so that what else the machine does has one too. `never` also leaves sessions where the kernel puts them.
 */
export type Pinning = "auto" | "always" | "never";

/** Which processors the runs of a pool get that ask for none. */
export class Processors {
  #cpus: readonly number[];
  #pinning: Pinning;
  /** Sessions that share a processor now, by its number. */
  #sharing = new Map<number, number>();

  /** @param cpus numbers of the processors that may be used, in ascending order */
  constructor(cpus: readonly number[], pinning: Pinning) {
    this.#cpus = cpus;
    this.#pinning = pinning;
  }

  /** Bytes that hold a bit for each of them. */
  get maskBytes(): number {
    return (Math.max(0, ...this.#cpus) >> 3) + 1;
  }

  get canShare(): boolean {
    return this.#pinning !== "never" && this.#cpus.length > 0;
  }

  isPinned(slots: number): boolean {
    if (this.#pinning === "auto") return this.#cpus.length > slots;
    return this.#pinning === "always" && this.#cpus.length > 0;
  }

  /** The processor of a slot that is pinned. The first one is left to the machine's other work if there are enough. */
  ofSlot(slot: number, slots: number): number {
    const first = this.#cpus.length > slots ? 1 : 0;
    return this.#cpus[(first + slot) % this.#cpus.length] ?? 0;
  }

  /** The processor that the fewest sessions use; it is given back by disposing. */
  share(): { readonly cpu: number } & Disposable {
    let cpu = this.#cpus[0] ?? 0;
    for (const other of this.#cpus) if (this.#shares(other) < this.#shares(cpu)) cpu = other;
    this.#sharing.set(cpu, this.#shares(cpu) + 1);
    return { cpu, [Symbol.dispose]: () => this.#sharing.set(cpu, this.#shares(cpu) - 1) };
  }

  #shares(cpu: number): number {
    return this.#sharing.get(cpu) ?? 0;
  }
}

/** The processors that this process, and so its machine's slots, may use. */
export async function allowedProcessors(): Promise<number[]> {
  const status = await readFile("/proc/self/status", "latin1").catch(() => "");
  const list = /^Cpus_allowed_list:\s*(.*)$/mu.exec(status)?.[1] ?? "";
  const cpus = parseProcessorList(list);
  return cpus.length > 0 ? cpus : Array.from({ length: availableParallelism() }, (_, cpu) => cpu);
}

/** The kernel's way to write numbers: "0-3,8". Empty when the text is none. */
export function parseProcessorList(text: string): number[] {
  if (!/^\d+(-\d+)?(,\d+(-\d+)?)*$/u.test(text)) return [];
  return text.split(",").flatMap((range) => {
    const [first = 0, last = first] = range.split("-").map(Number);
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
  });
}
