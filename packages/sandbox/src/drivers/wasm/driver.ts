import type { Outcome } from "@assay/contracts";
import { outputCounts } from "../../fd.ts";
import type { CollectedFile, FdReport, RunReport, RunSpec, Sandbox } from "../../spec.ts";
import { Artifacts } from "../artifacts.ts";
import { blankOutcome, stopped } from "../outcome.ts";
import { requirePlain, requireStartable, unsupported } from "../refusal.ts";
import { Slots } from "../slots.ts";
import { layOut } from "../work-tree.ts";
import { answerTo } from "./launch.ts";
import { programOf } from "./program.ts";
import type { WasmAnswer, WasmTask } from "./task.ts";

export interface WasmOptions {
  /** Programs at once. */
  readonly slots: number;
}

/**
 * Programs in a WebAssembly machine, for computers without a sandbox of their own: Python and
 * JavaScript, as program.ts describes, and no other. No kernel isolates them: what stands between a
 * program and the computer is the machine, then a thread that was emptied, then a process without
 * rights to files, network and processes.
 */
export function openWasm({ slots }: WasmOptions): Sandbox {
  return new WasmSandbox(slots);
}

class WasmSandbox implements Sandbox {
  readonly isolation = ["watched"] as const;
  #artifacts = new Artifacts();
  #slots: Slots;
  #closing = new AbortController();
  #running = new Set<Promise<unknown>>();

  constructor(slots: number) {
    this.#slots = new Slots(slots);
  }

  get slots(): number {
    return this.#slots.count;
  }

  async run(spec: RunSpec, { signal }: { signal: AbortSignal | null }): Promise<RunReport> {
    const task = this.#taskOf(spec);
    const closing = this.#closing.signal;
    const ends = signal === null ? closing : AbortSignal.any([signal, closing]);
    const run = this.#slots.with(signal, async () => {
      const beganAt = performance.now();
      const answer = await answerTo(task, ends);
      return this.#reportOf(spec, answer, performance.now() - beganAt);
    });
    const settled = run.catch(() => undefined);
    this.#running.add(settled);
    void settled.then(() => this.#running.delete(settled));
    return run;
  }

  open(): Promise<never> {
    return Promise.reject(unsupported("wasm", "streams of a running program"));
  }

  session(): Promise<never> {
    return Promise.reject(unsupported("wasm", "programs that talk to each other"));
  }

  forget(id: Parameters<Sandbox["forget"]>[0]): Promise<number> {
    return Promise.resolve(this.#artifacts.forget(id));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#slots.close();
    this.#closing.abort();
    await Promise.all(this.#running);
  }

  #taskOf(spec: RunSpec): WasmTask {
    const program = programOf(spec);
    const streams = requirePlain("wasm", spec);
    requireStartable(spec);
    const { env, limits, keep, collect } = spec;
    for (const limit of ["addressSpaceBytes", "dataBytes"] as const)
      if (limits[limit] !== null) throw unsupported("wasm", `the limit ${limit}`);
    return {
      program,
      env,
      limits,
      streams,
      keep,
      collect,
      tree: layOut(this.#artifacts.get(spec.base), spec.files),
    };
  }

  #reportOf(spec: RunSpec, answer: WasmAnswer, tookMs: number): RunReport {
    const fds = reportsOf(spec, answer);
    const { cpuUserMs, cpuSystemMs, wallMs, memoryBytes } = answer;
    const outcome: Outcome = {
      ...blankOutcome,
      ...endingOf(answer, spec),
      cpuMs: cpuUserMs + cpuSystemMs,
      cpuUserMs,
      cpuSystemMs,
      wallMs,
      memoryBytes,
      setupMs: Math.max(0, tookMs - wallMs),
      processesPeak: 1,
      ...outputCounts(spec.fds, fds),
      isolation: [...this.isolation],
      driver: "wasm",
    };
    const collected = answer.collected.length > 0 ? answer.collected.map(asBuffer) : nothingOf(spec);
    return {
      outcome,
      endedAtMs: null,
      passedEndAtMs: null,
      fds,
      // Not of a program that ended well just after a limit, before anybody had looked.
      ...this.#artifacts.keep(spec, outcome.status === "exited" ? answer.kept : null),
      collected,
    };
  }
}

const asBuffer = (file: CollectedFile): CollectedFile => ({
  ...file,
  content: Buffer.from(file.content.buffer, file.content.byteOffset, file.content.byteLength),
});

/** The files of a program that was stopped went with its machine. */
const nothingOf = ({ collect }: RunSpec): CollectedFile[] =>
  (collect?.paths ?? []).map((path) => ({ path, state: "missing", content: new Uint8Array() }));

function reportsOf({ fds }: RunSpec, { stdout, stderr }: WasmAnswer): FdReport[] {
  const nothing: FdReport = { total: 0, content: new Uint8Array() };
  return fds.map((fd, number) => {
    if (number === 0) return { ...nothing, total: fd.kind === "content" ? fd.content.byteLength : 0 };
    return (number === 1 ? stdout : stderr) ?? nothing;
  });
}

type Ended = Pick<Outcome, "status" | "exitCode" | "signal" | "message" | "memoryCause">;

function endingOf(answer: WasmAnswer, { limits }: RunSpec): Ended {
  const { stop, ending, message } = answer;
  const plain = { message: null, memoryCause: null };
  if (stop === "failed" || (stop === null && ending === null))
    return { ...plain, status: "platform", exitCode: null, signal: null, message };
  if (stop === "memory_limit") return { ...plain, ...stopped("memory_limit"), memoryCause: "peak" };
  if (stop !== null) return { ...plain, ...stopped(stop) };
  if (answer.cpuUserMs + answer.cpuSystemMs >= limits.cpuMs) return { ...plain, ...stopped("cpu_limit") };
  if (answer.wallMs >= limits.wallMs) return { ...plain, ...stopped("wall_limit") };
  const hasFailed = ending?.how === "trap" || ending?.exitCode !== 0;
  if (ending?.outOfMemory === true && hasFailed)
    return { ...plain, ...stopped("memory_limit"), memoryCause: "peak" };
  if (ending?.how === "exited")
    return { ...plain, status: "exited", exitCode: ending.exitCode, signal: null };
  return { ...plain, status: "signalled", exitCode: null, signal: "SIGABRT" };
}
