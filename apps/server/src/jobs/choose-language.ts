import { AssayError } from "@assay/contracts";
import type { IsolationLevel } from "@assay/contracts";
import { UnknownLanguage, languages, selectLanguage } from "@assay/languages";
import type { Language } from "@assay/languages";
import { availabilityOf } from "../runners/availability.ts";
import type { Services } from "../services.ts";

/**
 * The language that a client's selector asks for, with what this organization's runners can run now.
 *
 * @param required the isolation that the job will ask for
 * @throws AssayError `unknown_language`
 */
export async function chooseLanguage(
  { fleet }: Pick<Services, "fleet">,
  organizationId: string,
  selector: string,
  required: IsolationLevel | null,
): Promise<Language> {
  const runners = await fleet.picture(organizationId);
  const known = new Map<string, string>();
  for (const id of languages.keys()) {
    const { available, offer } = availabilityOf(id, runners, required);
    if (available && offer?.version) known.set(id, offer.version);
  }
  try {
    return selectLanguage(selector, { known });
  } catch (error) {
    if (!(error instanceof UnknownLanguage)) throw error;
    throw new AssayError("unknown_language", `${capitalized(error.message)}.`);
  }
}

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
