import type { JobEventBody, Limits } from "@assay/contracts";
import type { Sandbox } from "@assay/sandbox";
import type { CompileCache } from "../compile.ts";
import type { PackageFiles } from "../package/files.ts";
import type { ProblemPackage } from "../package/types.ts";
import type { Toolbox } from "../toolbox.ts";
import type { Report } from "./report.ts";

export interface VerifyContext {
  readonly packageFiles: PackageFiles;
  readonly shortName: string | null;
  readonly sandbox: Sandbox;
  /** Null: what is compiled is forgotten after use. */
  readonly compiled: CompileCache | null;
  readonly toolbox: Toolbox;
  /** Boxes that may run at once. */
  readonly parallel: number;
  /** Name of the machine in what it says of itself. */
  readonly runner: string;
  readonly speedFactor: number | null;
  readonly signal: AbortSignal;
  readonly onEvent: (event: JobEventBody) => void;
}

/** What checks work with once the package could be read. */
export interface Checking {
  readonly context: VerifyContext;
  readonly problem: ProblemPackage;
  /** With constants replaced. */
  readonly files: PackageFiles;
  readonly report: Report;
  /** Of validators, each run. */
  readonly limits: Limits;
  readonly progress: Progress;
}

/** Says how far the work has come. */
export interface Progress {
  /** Expect so many more steps. */
  add(steps: number): void;
  /** A step is done. */
  step(check: string, subject: string): void;
}

export const progressTo = (onEvent: VerifyContext["onEvent"]): Progress => {
  let total = 0;
  let done = 0;
  return {
    add(steps) {
      total += steps;
    },
    step(check, subject) {
      done = Math.min(done + 1, total);
      onEvent({ type: "progress", check, subject, done, total });
    },
  };
};

/** Does `work` for each item, at most `parallel` at once. The first failure ends it. */
export const forEach = async <Item>(
  items: readonly Item[],
  parallel: number,
  work: (item: Item) => Promise<void>,
): Promise<void> => {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item);
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(parallel, items.length)) }, worker));
};
