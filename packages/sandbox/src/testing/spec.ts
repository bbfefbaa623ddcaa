import { defaultRunLimits } from "@assay/contracts";
import { captured } from "../fd.ts";
import type { RunReport, RunSpec } from "../spec.ts";
import { encodeRun } from "../wire/encode.ts";
import type { EncodedRun } from "../wire/encode.ts";

/** A spec that is complete and asks for nothing. */
export const plainSpec: RunSpec = {
  image: "0123456789abcdef".repeat(4),
  argv: ["/bin/true"],
  env: {},
  limits: defaultRunLimits,
  fds: [],
  base: null,
  files: [],
  keep: null,
  collect: null,
  cpus: null,
  cpuRate: null,
  stopAtProcessLimit: false,
};

export const encodeAlone = (runId: number, spec: RunSpec): EncodedRun =>
  encodeRun(runId, spec, { cpuMaskBytes: 0, pipes: null });

export interface WithOutput extends RunReport {
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
}

export const withOutput = (report: RunReport): WithOutput => ({
  ...report,
  stdout: captured(report, 1),
  stderr: captured(report, 2),
});
