import type { Limits } from "@assay/contracts";
import type { CollectedFile, FdReport, RunSpec } from "../../spec.ts";
import type { PlainStreams } from "../capture.ts";
import type { Kept } from "../work-reader.ts";
import type { WorkTree } from "../work-tree.ts";
import type { WasmProgram } from "./program.ts";

/** All that a process needs to know of its run; it comes over its standard input. */
export interface WasmTask {
  readonly program: WasmProgram;
  readonly env: Readonly<Record<string, string>>;
  readonly limits: Limits;
  readonly streams: PlainStreams;
  readonly tree: WorkTree;
  readonly keep: RunSpec["keep"];
  readonly collect: RunSpec["collect"];
}

/** How a program ended by itself. `trap`: its machine failed. */
export type GuestEnding =
  | { readonly how: "exited"; readonly exitCode: number; readonly outOfMemory: boolean }
  | { readonly how: "trap"; readonly message: string; readonly outOfMemory: boolean };

/** What the guest's thread says to the one that watches it. */
export type GuestMessage =
  | { readonly type: "started"; readonly cpu: NodeJS.CpuUsage }
  | {
      readonly type: "ended";
      readonly ending: GuestEnding;
      readonly cpu: NodeJS.CpuUsage;
      readonly memoryBytes: number;
      readonly collected: readonly CollectedFile[];
      readonly kept: Kept | null;
    };

/** Why the process stopped a program; `failed`: there was no program to stop, the machine can't be made. */
export type WasmStop = "cpu_limit" | "wall_limit" | "memory_limit" | "output_limit" | "cancelled" | "failed";

/** What a process says of its run, once, over its standard output. Times in ms. */
export interface WasmAnswer {
  readonly stop: WasmStop | null;
  /** Null when it was stopped. */
  readonly ending: GuestEnding | null;
  readonly message: string | null;
  readonly cpuUserMs: number;
  readonly cpuSystemMs: number;
  readonly wallMs: number;
  readonly memoryBytes: number;
  readonly stdout: FdReport | null;
  readonly stderr: FdReport | null;
  readonly collected: readonly CollectedFile[];
  readonly kept: Kept | null;
}
