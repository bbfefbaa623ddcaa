import { routes } from "@assay/contracts";
import type { LanguageStatus, RunnerStatus } from "@assay/contracts";
import { languages } from "@assay/languages";
import type { Language } from "@assay/languages";
import { mount } from "../../http/mount.ts";
import type { Mounting } from "../../http/mount.ts";
import { availabilityOf } from "../../runners/availability.ts";
import type { Services } from "../../services.ts";

function presentLanguage(language: Language, runners: readonly RunnerStatus[]): LanguageStatus {
  const { available, offer, imageDigest, reason } = availabilityOf(language.id, runners);
  return {
    id: language.id,
    name: language.name,
    extensions: [...language.extensions],
    available,
    version: offer?.version ?? null,
    image: { name: offer?.image ?? language.image, digest: imageDigest },
    reason,
  };
}

export function mountLanguages(mounting: Mounting, { fleet }: Services): void {
  mount(mounting, routes.listLanguages, async ({ caller }) => {
    const runners = await fleet.list(caller.organizationId);
    return { items: [...languages.values()].map((language) => presentLanguage(language, runners)) };
  });
}
