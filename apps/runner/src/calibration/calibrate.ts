import { defaultRunLimits } from "@assay/contracts";
import type { Provenance } from "@assay/contracts";
import { executeProgram } from "@assay/judging";
import type { CompileCache } from "@assay/judging";
import type { Language } from "@assay/languages";
import type { Sandbox } from "@assay/sandbox";
import { kernelSource, kernels } from "./kernels.ts";
import type { Kernel } from "./kernels.ts";
import { speedFactorOf } from "./speed-factor.ts";

/** Of each kernel, one after the other: together with the compiler about half a second. */
const rounds = 3;

/**
 * Measures how fast this machine is, by programs in boxes as submissions run.
 *
 * @param c the language C with the image that it runs in
 * @returns null when the kernels can't be compiled or run here, which no job need know of
 * @throws the signal's reason; SandboxError when there are no boxes
 */
export const calibrate = async (
  { sandbox, compiled }: { readonly sandbox: Sandbox; readonly compiled: CompileCache },
  c: { readonly language: Language; readonly provenance: Omit<Provenance, "isolation"> },
  signal: AbortSignal,
): Promise<number | null> => {
  const measured: Record<Kernel, number[]> = { integer: [], memory: [], branches: [] };
  // All kernels in each round: what disturbs a moment disturbs one run of each, not all of one.
  for (let round = 0; round < rounds; round++) {
    for (const kernel of kernels) {
      const { outcome } = await executeProgram({
        ...c,
        files: [{ path: "kernels.c", content: kernelSource }],
        dataFiles: [],
        args: [kernel],
        stdin: new Uint8Array(),
        limits: defaultRunLimits,
        stopAtProcessLimit: true,
        sandbox,
        compiled,
        signal,
        onEvent: () => undefined,
      });
      if (outcome?.status !== "exited" || outcome.exitCode !== 0) return null;
      measured[kernel].push(outcome.cpuMs);
    }
  }
  return speedFactorOf(measured);
};
