import type { VerifyPayload, VerifyResult } from "@assay/contracts";
import { verifyPackage } from "@assay/judging";
import type { Work } from "../attempts/attempt.ts";
import type { Machine } from "./machine.ts";

/** Checks a problem package with everything that it holds. */
export async function executeVerify(
  machine: Machine,
  work: Work,
  payload: VerifyPayload,
): Promise<VerifyResult> {
  const driver = machine.driverFor(payload.requires);
  const { provenance } = await machine.toolsFor(payload.language, driver);
  const { sandbox } = driver;
  return await verifyPackage({
    packageFiles: await machine.packages.files(payload.manifest, work),
    shortName: payload.shortName,
    sandbox,
    compiled: driver.compiled.of(work.job.organizationId),
    toolbox: machine.toolboxOf(driver),
    parallel: sandbox.slots,
    runner: provenance.runner,
    speedFactor: machine.speedFactor,
    signal: work.signal,
    onEvent: work.emit,
  });
}
