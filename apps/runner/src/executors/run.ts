import type { JobInputBody, RunPayload, RunResult } from "@assay/contracts";
import { executeProgram } from "@assay/judging";
import type { Work } from "../attempts/attempt.ts";
import { GivenBack, JobRefused } from "../attempts/endings.ts";
import type { Machine } from "./machine.ts";

/** One program with its input, no problem. */
export async function executeRun(machine: Machine, work: Work, payload: RunPayload): Promise<RunResult> {
  const driver = machine.driverFor(payload.requires);
  const { image } = payload;
  const { language, provenance } =
    image === undefined
      ? await machine.toolsFor(payload.language, driver)
      : await machine.toolsIn(image, payload.language, driver, work.signal);
  const { sandbox } = driver;
  const result = await executeProgram({
    files: payload.files,
    dataFiles: payload.dataFiles.map(({ path, contentBase64 }) => ({
      path,
      content: Buffer.from(contentBase64, "base64"),
    })),
    args: payload.args,
    stdin: Buffer.from(payload.stdinBase64, "base64"),
    limits: payload.limits,
    stopAtProcessLimit: payload.stopAtProcessLimit,
    options: payload.options,
    input: (signal) => inputOf(work, signal),
    language,
    sandbox,
    compiled: driver.compiled.of(work.job.organizationId),
    provenance,
    signal: work.signal,
    onEvent: work.emit,
  });
  const outcome = result.outcome ?? result.compile?.outcome;
  // A compiler stands in the image: that it does not start is no doing of the program's author.
  const noCompiler = result.outcome === null && outcome?.status === "start_failed";
  if (noCompiler && image !== undefined)
    throw new JobRefused(`${language.id} can't be compiled in the image ${image}: ${result.evidence.text}`);
  if (noCompiler || outcome?.status === "platform")
    throw new GivenBack(`the sandbox failed: ${result.evidence.text}`);
  return result;
}

/** What is said to the run, as the server hands it on, until the run is over. */
async function* inputOf(work: Work, over: AbortSignal): AsyncGenerator<JobInputBody> {
  let last = 0;
  while (!over.aborted) {
    for (const { seq, body } of await work.readInput(last, over)) {
      last = seq;
      yield body;
    }
  }
}
