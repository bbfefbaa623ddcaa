import type { Provenance } from "@assay/contracts";
import type { CompileCache } from "@assay/judging";
import { languageById } from "@assay/languages";
import type { Language } from "@assay/languages";
import type { Sandbox } from "@assay/sandbox";
import { GivenBack } from "../attempts/endings.ts";
import type { PackageCache } from "../caches/package-cache.ts";
import type { Offers } from "../offers/offers.ts";

interface Tools {
  readonly language: Language;
  readonly provenance: Omit<Provenance, "isolation">;
}

/** What executors work with on this machine. */
export interface Machine {
  readonly sandbox: Sandbox;
  readonly offers: Offers;
  readonly packages: PackageCache;
  readonly compiled: CompileCache;
  /** @throws GivenBack when the language is unknown to this version or can't be run here */
  toolsFor(languageId: string): Tools;
}

export const machine = (parts: Omit<Machine, "toolsFor">, runnerName: string): Machine => ({
  ...parts,
  toolsFor(languageId) {
    const language = languageById(languageId);
    if (language === null) throw new GivenBack(`this runner's version has no language ${languageId}`);
    return { language, provenance: parts.offers.provenance(language, runnerName) };
  },
});
