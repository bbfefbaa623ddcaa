import type { StartUpCost } from "@assay/contracts";
import { plainRun } from "@assay/contracts";
import { readProgram } from "@assay/languages";
import { compileCaches } from "../compile-cache.ts";
import { executeProgram } from "../execute.ts";
import { probeLimits } from "./expectations.ts";
import type { ProbeContext } from "./probe-language.ts";

const runs = 7;

/**
 * What the language's hello program takes in a box, as medians of seven runs after a first one.
 *
 * @throws SandboxError when the platform can't go on; the signal's reason; Error when the program fails
 */
export const measureStartUp = async (context: ProbeContext): Promise<Omit<StartUpCost, "bareMs">> => {
  const { language, image, sandbox, machine, signal } = context;
  const files = await readProgram(language, "hello");
  const cache = compileCaches(sandbox, {
    maxEntries: 1,
    maxBytes: Number.MAX_SAFE_INTEGER,
    platform: "probe",
    store: null,
  }).of("probe");
  const execute = async () => {
    const since = performance.now();
    const result = await executeProgram({
      files,
      dataFiles: [],
      args: [],
      stdin: new Uint8Array(),
      limits: probeLimits({}),
      stopAtProcessLimit: true,
      options: plainRun,
      language,
      sandbox,
      compiled: cache,
      provenance: { image, language: { id: language.id, version: "" }, runner: machine },
      signal,
      onEvent: () => undefined,
    });
    if (result.outcome?.exitCode !== 0)
      throw new Error(`${language.id}: the hello program failed: ${result.evidence.text}`);
    return { outcome: result.outcome, compile: result.compile, roundTripMs: performance.now() - since };
  };
  const first = await execute();
  const measured = [];
  for (let run = 0; run < runs; run += 1) measured.push(await execute());
  const outcomes = measured.map(({ outcome }) => outcome);
  return {
    boxMs: median(outcomes.map(({ wallMs }) => wallMs)),
    roundTripMs: median(measured.map(({ roundTripMs }) => roundTripMs)),
    cpuMs: median(outcomes.map(({ cpuMs }) => cpuMs)),
    memoryBytes: median(outcomes.map(({ memoryBytes }) => memoryBytes)),
    processes: Math.max(...outcomes.map(({ processesPeak }) => processesPeak)),
    compileMs: first.compile?.outcome.wallMs ?? null,
  };
};

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
