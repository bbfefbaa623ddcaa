import type { JudgePayload, JudgeResult } from "@assay/contracts";
import { judgeSubmission } from "@assay/judging";
import type { Work } from "../attempts/attempt.ts";
import { GivenBack } from "../attempts/endings.ts";
import type { Machine } from "./machine.ts";

/** A submission against a problem package; its tests run in parallel on free slots. */
export async function executeJudge(
  machine: Machine,
  work: Work,
  payload: JudgePayload,
): Promise<JudgeResult> {
  const driver = machine.driverFor(payload.requires);
  const { language, provenance } = await machine.toolsFor(payload.language, driver);
  const { sandbox } = driver;
  const { problem, files } = await machine.packages.open(payload.manifest, work);
  const result = await judgeSubmission({
    package: problem,
    packageFiles: files,
    files: payload.files,
    language,
    sandbox,
    compiled: driver.compiled.of(work.job.organizationId),
    mode: payload.mode,
    policy: payload.policy,
    timeMs: payload.timeMs,
    toolbox: machine.toolboxOf(driver),
    speedFactor: machine.speedFactor,
    parallel: sandbox.slots,
    // Who submitted need not be who may see the secret answers.
    revealAnswers: false,
    provenance,
    signal: work.signal,
    onEvent: work.emit,
  });
  // The platform's own failure is never somebody's verdict: another attempt may do better.
  if (result.verdict === "IE") throw new GivenBack(`the platform failed: ${result.evidence.text}`);
  return result;
}
