import { routes } from "@assay/contracts";
import type { LanguageOnRunner, LanguageStatus, RunnerStatus } from "@assay/contracts";
import { languages, readProgram } from "@assay/languages";
import type { Language } from "@assay/languages";
import { mount } from "../../http/mount.ts";
import type { Mounting } from "../../http/mount.ts";
import { availabilityOf } from "../../runners/availability.ts";
import type { Services } from "../../services.ts";

interface Texts {
  readonly template: string | null;
  readonly hello: string | null;
}

function presentLanguage(language: Language, texts: Texts, runners: readonly RunnerStatus[]): LanguageStatus {
  const { available, offer, imageDigest, reason } = availabilityOf(language.id, runners);
  const { id, family, release, name, defaultSource, highlighting, translation } = language;
  return {
    id,
    family,
    release,
    name,
    defaultSource,
    highlighting,
    translation,
    ...texts,
    aliases: [...language.aliases],
    extensions: [...language.extensions],
    available,
    version: offer?.version ?? null,
    image: { name: offer?.image ?? language.image, digest: imageDigest },
    reason,
    runners: runners.filter(({ alive }) => alive).flatMap((runner) => presentOffer(runner, id)),
  };
}

function presentOffer(runner: RunnerStatus, id: string): LanguageOnRunner[] {
  const offer = runner.languages.find((one) => one.id === id);
  if (offer === undefined) return [];
  const { available, version, test, reason } = offer;
  const digest = runner.images.find(({ name }) => name === offer.image)?.digest ?? null;
  return [{ runner: runner.name, available, version, image: { name: offer.image, digest }, test, reason }];
}

async function firstFile(language: Language, name: "template" | "hello"): Promise<string | null> {
  const [file] = await readProgram(language, name).catch(() => []);
  return file?.content ?? null;
}

/** What ships beside the catalogue, by language. */
async function readTexts(): Promise<ReadonlyMap<string, Texts>> {
  return new Map(
    await Promise.all(
      [...languages.values()].map(
        async (one) =>
          [
            one.id,
            { template: await firstFile(one, "template"), hello: await firstFile(one, "hello") },
          ] as const,
      ),
    ),
  );
}

export function mountLanguages(mounting: Mounting, { fleet }: Services): void {
  let texts: ReturnType<typeof readTexts> | null = null;
  mount(mounting, routes.listLanguages, async ({ caller }) => {
    const runners = await fleet.list(caller.organizationId);
    texts ??= readTexts();
    const known = await texts;
    const items = [...languages.values()].map((language) =>
      presentLanguage(language, known.get(language.id) ?? { template: null, hello: null }, runners),
    );
    return { items };
  });
}
