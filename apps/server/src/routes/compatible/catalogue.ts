import { languageById, languages } from "@assay/languages";
import type { Language } from "@assay/languages";
import { availabilityOf } from "../../runners/availability.ts";
import type { Services } from "../../services.ts";

/** A language as other systems list it. */
export interface Listed {
  readonly language: Language;
  /** As the tools in the image report it; null while no runner offers the language. */
  readonly version: string | null;
  /** True when a runner that is alive can run it now. */
  readonly available: boolean;
}

/** Whether other systems compile a program in this language, by its id, before they run it. */
export const isCompiled = (language: string): boolean => languageById(language)?.translation === "compiled";

/** The catalogue with what really works for this organization now. */
export async function listedLanguages(
  { fleet }: Pick<Services, "fleet">,
  organizationId: string,
): Promise<Listed[]> {
  const runners = await fleet.picture(organizationId);
  return [...languages.values()].map((language) => {
    const { offer, available } = availabilityOf(language.id, runners);
    return { language, version: offer?.version ?? null, available };
  });
}
