import type { Client } from "@assay/client";
import { recipes } from "@assay/images";
import type { Logger } from "pino";
import { systemClock } from "../clock.ts";
import type { RunnerConfig } from "../config.ts";
import { KeeperConnection } from "../images/keeper.ts";
import { ImageSupply } from "../images/supply.ts";
import type { SupplyOptions } from "../images/supply.ts";
import type { Offers } from "../offers/offers.ts";
import type { Session } from "../session/session.ts";

/** How soon a runner sees what is published while it runs, ms. */
const LOOK_AT_IMAGES_MS = 30_000;

interface SupplyParts extends Pick<SupplyOptions, "arrived" | "changed"> {
  readonly client: Client;
  readonly log: Logger;
  /** Ends the supply and what it holds. */
  readonly resources: AsyncDisposableStack;
}

/** Images that are missing here, got by the keeper; null where there is none. */
export function openSupply(
  config: RunnerConfig,
  { client, log, resources, arrived, changed }: SupplyParts,
): ImageSupply | null {
  if (config.keeperDescriptor === null) return null;
  const keeper = resources.use(KeeperConnection.inherited(config.keeperDescriptor));
  if (config.native === null) return null;
  return resources.use(
    new ImageSupply({
      client,
      clock: systemClock,
      log,
      keeper,
      builds: config.buildImages ? new Set(recipes.keys()) : new Set(),
      arrived,
      changed,
    }),
  );
}

/** Says what can be had now. */
export async function renewOffers(
  offers: Offers,
  session: Session,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  // At once where a fetch has failed: the job that goes back now would be given to this runner again.
  if (offers.withdrawUnobtainable()) session.offersChanged();
  try {
    await offers.lookForMissing(signal);
    session.offersChanged();
  } catch (error) {
    if (!signal.aborted) log.warn({ err: error }, "the offers could not be looked at again");
  }
}

/** Sees what is published while this runner runs. */
export async function watchImages(
  supply: ImageSupply,
  session: Session,
  changed: () => void,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  await session.registered.catch(() => {});
  while (!signal.aborted) {
    try {
      if (await supply.look(signal)) changed();
    } catch (error) {
      if (!signal.aborted) log.debug({ err: error }, "no list of images now");
    }
    await systemClock.sleep(LOOK_AT_IMAGES_MS, signal);
  }
}
