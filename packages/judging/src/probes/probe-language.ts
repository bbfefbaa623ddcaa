import type { LanguageReport, ProbeResult, Provenance, RunResult } from "@assay/contracts";
import { plainRun } from "@assay/contracts";
import { definitionDigest, probeNames, readProgram } from "@assay/languages";
import type { Language, ProbeName } from "@assay/languages";
import type { Sandbox } from "@assay/sandbox";
import { executeProgram } from "../execute.ts";
import { askVersion } from "./ask-version.ts";
import { expectations, probeLimits } from "./expectations.ts";

export interface ProbeContext {
  readonly language: Language;
  readonly image: Provenance["image"];
  readonly sandbox: Sandbox;
  /** How this machine is called in the report. */
  readonly machine: string;
  readonly signal: AbortSignal;
  readonly progress?: (probe: ProbeName) => void;
}

/**
 * Runs every probe program of a language in real boxes, on the way of any other run.
 *
 * @throws SandboxError when the platform can't go on; the signal's reason
 */
export const probeLanguage = async (context: ProbeContext): Promise<Omit<LanguageReport, "startUp">> => {
  const { language, image, sandbox, machine, signal, progress } = context;
  const { version } = await askVersion({ language, image: image.digest, sandbox, signal });
  const results: ProbeResult[] = [];
  for (const name of probeNames) {
    signal.throwIfAborted();
    progress?.(name);
    results.push(await runProbe(context, name, version));
  }
  return {
    language: language.id,
    version,
    image,
    definition: await definitionDigest(language),
    machine,
    isolation: [...sandbox.isolation],
    at: new Date().toISOString(),
    passed: version !== null && results.every(({ status }) => status !== "failed"),
    probes: results,
  };
};

const runProbe = async (
  context: ProbeContext,
  name: ProbeName,
  version: string | null,
): Promise<ProbeResult> => {
  const { language } = context;
  const without = language.without[name];
  if (without !== undefined) return { name, status: "skipped", reason: without };
  const files = await readProgram(language, name).catch(() => null);
  if (files === null || files.length === 0)
    return { name, status: "failed", reason: `there is no program in programs/${language.programs}/${name}` };
  const { args, stdin, limits, stopAtOutputLimit, fault } = expectations[name];
  const result = await executeProgram({
    files,
    dataFiles: [],
    args,
    stdin: Buffer.from(stdin),
    limits: probeLimits(limits),
    stopAtProcessLimit: true,
    options: { ...plainRun, stopAtOutputLimit },
    language,
    sandbox: context.sandbox,
    compiled: null,
    provenance: {
      image: context.image,
      language: { id: language.id, version: version ?? "" },
      runner: context.machine,
    },
    signal: context.signal,
    onEvent: () => undefined,
  });
  const reason = fault(result, language) ?? impossible(result);
  return { name, status: reason === null ? "passed" : "failed", reason };
};

/** Whatever else it did: the sandbox must not have failed. */
const impossible = ({ outcome, evidence }: RunResult): string | null =>
  outcome?.status === "platform" || outcome?.status === "start_failed" ? evidence.text : null;
