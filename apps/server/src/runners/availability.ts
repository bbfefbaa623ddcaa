import type { LanguageOffer, RunnerStatus } from "@assay/contracts";

/** Whether a language can be run now, as the runners that are alive say. */
export interface Availability {
  readonly available: boolean;
  /** The best offer: of a runner that can, else of one that says why it can't; null when none names it. */
  readonly offer: LanguageOffer | null;
  readonly imageDigest: string | null;
  /** Null when available. */
  readonly reason: string | null;
  /** True when runners are alive and none of them can: queueing would wait for a change of machines. */
  readonly refused: boolean;
}

export function availabilityOf(language: string, runners: readonly RunnerStatus[]): Availability {
  const alive = runners.filter((runner) => runner.alive);
  const offers = alive.flatMap((runner) =>
    runner.languages.filter(({ id }) => id === language).map((offer) => ({ offer, runner })),
  );
  const best = offers.find(({ offer }) => offer.available) ?? offers[0] ?? null;
  const image = best?.runner.images.find(({ name }) => name === best.offer.image);
  const available = best?.offer.available ?? false;
  return {
    available,
    offer: best?.offer ?? null,
    imageDigest: image?.digest ?? null,
    reason: available ? null : reasonOf(language, alive, best?.offer ?? null),
    refused: alive.length > 0 && !available,
  };
}

function reasonOf(language: string, alive: readonly RunnerStatus[], offer: LanguageOffer | null): string {
  if (alive.length === 0) return "No runner is connected.";
  return offer?.reason ?? `No connected runner offers ${language}.`;
}
