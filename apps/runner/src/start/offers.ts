import type { ImageStore } from "@assay/images";
import { reportStore } from "@assay/judging";
import { languages } from "@assay/languages";
import type { Logger } from "pino";
import type { RunnerConfig } from "../config.ts";
import type { ImageSupply } from "../images/supply.ts";
import { Offers } from "../offers/offers.ts";
import type { Drivers } from "./drivers.ts";

/** Looks at images and languages, and says in the log what it saw. */
export async function inspectOffers(
  config: RunnerConfig,
  parts: {
    readonly drivers: Drivers;
    readonly store: ImageStore | null;
    readonly supply: ImageSupply | null;
    readonly log: Logger;
  },
  signal: AbortSignal,
): Promise<Offers> {
  const { drivers, store, supply, log } = parts;
  const { native, wasm, withImages } = drivers;
  const offers = await Offers.inspect(
    {
      supply,
      native:
        native === null || config.native === null || store === null
          ? null
          : {
              store,
              sandbox: native.sandbox,
              reports: reportStore(config.native.imagesDirectory),
              levels: () => withImages.map((driver) => driver.level()),
            },
      wasm: wasm?.sandbox ?? null,
      languages: [...languages.values()],
    },
    signal,
  );
  signal.throwIfAborted();
  for (const { id, available, version, reason } of offers.languages) {
    log.info({ language: id, available, version, reason }, "looked at a language");
  }
  return offers;
}
