import { defaultRunLimits } from "@assay/contracts";
import type { Outcome } from "@assay/contracts";
import type { Language } from "@assay/languages";
import { captured, standardStreams } from "@assay/sandbox";
import type { Sandbox } from "@assay/sandbox";
import { asArgv } from "../compile.ts";

export interface VersionRequest {
  readonly language: Pick<Language, "version">;
  /** Digest of the image whose tools are asked. */
  readonly image: string;
  readonly sandbox: Sandbox;
  readonly signal: AbortSignal;
}

export interface VersionAnswer {
  /** Null when they do not tell it. */
  readonly version: string | null;
  readonly outcome: Outcome;
  readonly output: string;
}

const memoryBytes = 1024 * 1024 * 1024;

/**
 * Asks a language's tools for their version in a box.
 *
 * @throws SandboxError when there is no sandbox to ask in; the signal's reason
 */
export const askVersion = async (request: VersionRequest): Promise<VersionAnswer> => {
  const { language, image, sandbox, signal } = request;
  const { argv, env, parse } = language.version;
  const limits = { ...defaultRunLimits, memoryBytes };
  const report = await sandbox.run(
    {
      image,
      argv: asArgv(argv),
      env,
      limits,
      fds: standardStreams({
        stdin: new Uint8Array(),
        outputBytes: limits.outputBytes,
        onOutputLimit: "discard",
      }),
      base: null,
      files: [],
      keep: null,
      collect: null,
      cpus: null,
      cpuRate: null,
      stopAtProcessLimit: false,
    },
    { signal },
  );
  signal.throwIfAborted();
  const { outcome } = report;
  const output = Buffer.from(captured(report, 1)).toString();
  const version = outcome.status === "exited" && outcome.exitCode === 0 ? parse(output) : null;
  return { version, outcome, output };
};
