import { servingLevel } from "@assay/contracts";
import type { IsolationLevel, LanguageOffer, RunnerStatus } from "@assay/contracts";

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
  /** True when runners could run the language, but none with the isolation that is required. */
  readonly lacksIsolation: boolean;
}

/** @param required the isolation that a job asks for; null = that of any box */
export function availabilityOf(
  language: string,
  runners: readonly RunnerStatus[],
  required: IsolationLevel | null = null,
): Availability {
  const alive = runners.filter((runner) => runner.alive);
  const offers = alive.flatMap((runner) =>
    runner.languages.filter(({ id }) => id === language).map((offer) => ({ offer, runner })),
  );
  const able = offers.filter(({ offer }) => offer.available);
  const fit = able.find(({ offer }) => servingLevel(required, offer.levels) !== null) ?? null;
  const best = fit ?? able[0] ?? offers[0] ?? null;
  const image = best?.runner.images.find(({ name }) => name === best.offer.image);
  const available = fit !== null;
  const lacksIsolation = able.length > 0 && !available;
  return {
    available,
    offer: best?.offer ?? null,
    imageDigest: image?.digest ?? null,
    reason: available
      ? null
      : lacksIsolation
        ? lackOf(
            required,
            able.map(({ offer }) => offer),
          )
        : reasonOf(language, alive, best?.offer ?? null),
    refused: alive.length > 0 && !available,
    lacksIsolation,
  };
}

function reasonOf(language: string, alive: readonly RunnerStatus[], offer: LanguageOffer | null): string {
  if (alive.length === 0) return "No runner is connected.";
  return offer?.reason ?? `No connected runner offers ${language}.`;
}

function lackOf(required: IsolationLevel | null, able: readonly LanguageOffer[]): string {
  const levels = [...new Set(able.flatMap((offer) => offer.levels))];
  return `No connected runner gives the isolation ${required ?? "of a box"}; there is ${levels.join(", ") || "none"}.`;
}
