import { servingLevel } from "@assay/contracts";
import type { Provenance, Requirements } from "@assay/contracts";
import { languageById } from "@assay/languages";
import type { Toolbox } from "@assay/judging";
import type { Language } from "@assay/languages";
import { GivenBack, JobRefused, Lacking } from "../attempts/endings.ts";
import type { PackageCache } from "../caches/package-cache.ts";
import type { ChosenImages } from "../offers/chosen-image.ts";
import type { ImageSupply } from "../images/supply.ts";
import type { Offers } from "../offers/offers.ts";
import type { Driver } from "./drivers.ts";

interface Tools {
  readonly language: Language;
  readonly provenance: Omit<Provenance, "isolation">;
}

/** What executors work with on this machine. */
export interface Machine {
  readonly drivers: readonly Driver[];
  readonly offers: Offers;
  /** For runs that name an image; null on a machine without images. */
  readonly chosenImages: ChosenImages | null;
  /** Null where nobody gets images that are missing. */
  readonly supply: Pick<ImageSupply, "get" | "nameOf" | "version" | "whyNot"> | null;
  readonly packages: PackageCache;
  /** How fast it is beside the reference machine; null = not measured. */
  readonly speedFactor: number | null;
  /** @throws Lacking when the language is unknown to this version or can't be run there, or its image is damaged */
  toolsFor(languageId: string, driver: Driver): Promise<Tools>;
  /**
   * The same in an image that the job names.
   *
   * @throws Lacking when it is not here; JobRefused when the language can't be run in it
   */
  toolsIn(image: string, languageId: string, driver: Driver, signal: AbortSignal): Promise<Tools>;
  /** For the programs that packages bring. */
  toolboxOf(driver: Driver): Toolbox;
  /** @throws Lacking when no driver has what the job requires */
  driverFor(requires: Requirements): Driver;
}

export const machine = (
  parts: Omit<Machine, "toolboxOf" | "toolsFor" | "toolsIn" | "driverFor">,
  runnerName: string,
): Machine => ({
  ...parts,
  toolboxOf: (driver) => ({
    async toolsFor(languageId) {
      const language = languageById(languageId);
      if (language === null) return null;
      try {
        const { image } = await parts.offers.provenance(language, runnerName, driver.level());
        return { language, image: image.digest };
      } catch (error) {
        if (error instanceof GivenBack) return null;
        throw error;
      }
    },
  }),
  async toolsFor(languageId, driver) {
    const language = languageById(languageId);
    if (language === null) throw new Lacking(`this runner's version has no language ${languageId}`);
    return { language, provenance: await parts.offers.provenance(language, runnerName, driver.level()) };
  },
  async toolsIn(image, languageId, driver, signal) {
    const language = languageById(languageId);
    if (language === null) throw new Lacking(`this runner's version has no language ${languageId}`);
    if (driver.level() === "wasm")
      throw new JobRefused("WebAssembly has no images: an image can only be named for a run in a box");
    if (parts.chosenImages === null) throw new Lacking("this runner has no images");
    return parts.chosenImages.tools(language, image, runnerName, signal);
  },
  driverFor({ isolation }) {
    const level = servingLevel(
      isolation,
      parts.drivers.map((driver) => driver.level()),
    );
    const driver = parts.drivers.find((one) => one.level() === level);
    if (driver !== undefined) return driver;
    throw new Lacking(`this runner has no isolation ${isolation ?? "of a box"}`);
  },
});
