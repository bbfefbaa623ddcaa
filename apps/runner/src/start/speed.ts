import { languages } from "@assay/languages";
import type { Logger } from "pino";
import { calibrate } from "../calibration/calibrate.ts";
import type { RunnerConfig } from "../config.ts";
import type { Driver } from "../executors/drivers.ts";
import type { Offers } from "../offers/offers.ts";

/** How fast this machine is; null where no programs of C run in boxes. */
export async function measureSpeed(
  config: RunnerConfig,
  native: Driver | null,
  offers: Offers,
  log: Logger,
  signal: AbortSignal,
): Promise<number | null> {
  const language = languages.get("c");
  const isOffered = offers.languages.some(({ id, available }) => id === "c" && available);
  if (native === null || language === undefined || !isOffered || !offers.isReady(language.image)) return null;
  const provenance = await offers.provenance(language, config.name, native.level());
  const speedFactor = await calibrate(
    { sandbox: native.sandbox, compiled: native.compiled.of("calibration") },
    { language, provenance },
    signal,
  );
  log.info({ speedFactor }, "measured how fast this machine is beside the reference machine");
  return speedFactor;
}
