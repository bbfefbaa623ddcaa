import { AssayError, routes } from "@assay/contracts";
import type {
  LanguageDetail,
  LanguageList,
  LanguageTest,
  LanguageTestSummary,
  RunnerStatus,
} from "@assay/contracts";
import { languageById, languages, readProgram } from "@assay/languages";
import type { Language } from "@assay/languages";
import { mount } from "../../http/mount.ts";
import type { Mounting } from "../../http/mount.ts";
import { availabilityOf } from "../../runners/availability.ts";
import type { Services } from "../../services.ts";

interface Texts {
  readonly template: string | null;
  readonly hello: string | null;
}

function presentLanguage(language: Language, texts: Texts, runners: readonly RunnerStatus[]): LanguageDetail {
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

function presentOffer(runner: RunnerStatus, id: string): LanguageDetail["runners"] {
  const offer = runner.languages.find((one) => one.id === id);
  if (offer === undefined) return [];
  const { available, version, test, reason } = offer;
  const digest = runner.images.find(({ name }) => name === offer.image)?.digest ?? null;
  return [{ runner: runner.name, available, version, image: { name: offer.image, digest }, test, reason }];
}

/** Each probe of each language on each runner is too much for a list: their names are told once. */
function listOf(languagesHere: readonly LanguageDetail[]): LanguageList {
  const tests = languagesHere.flatMap(({ runners }) => runners.flatMap(({ test }) => test ?? []));
  const probes = [...new Set(tests.flatMap((test) => test.probes.map(({ name }) => name)))];
  const items = languagesHere.map((language) => ({
    ...language,
    runners: language.runners.map((one) => ({
      ...one,
      test: one.test === null ? null : summaryOf(one.test, probes),
    })),
  }));
  return { probes, items };
}

function summaryOf({ at, passed, probes }: LanguageTest, names: readonly string[]): LanguageTestSummary {
  const failed = probes.filter(({ status }) => status === "failed");
  const said = new Set(probes.flatMap(({ name, status }) => (status === "skipped" ? [] : [name])));
  return {
    at,
    passed,
    failed: failed.map(({ name, reason }) => ({ name, reason })),
    skipped: names.filter((name) => !said.has(name)),
  };
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
  let read: ReturnType<typeof readTexts> | null = null;
  const textsOf = async (id: string): Promise<Texts> =>
    (await (read ??= readTexts())).get(id) ?? { template: null, hello: null };

  mount(mounting, routes.listLanguages, async ({ caller }) => {
    const runners = await fleet.list(caller.organizationId);
    return listOf(
      await Promise.all(
        [...languages.values()].map(async (one) => presentLanguage(one, await textsOf(one.id), runners)),
      ),
    );
  });

  mount(mounting, routes.getLanguage, async ({ params, caller }) => {
    const language = languageById(params.language);
    if (language === null)
      throw new AssayError("not_found", "There is no such language; GET /api/v1/languages lists their ids.");
    const runners = await fleet.list(caller.organizationId);
    return presentLanguage(language, await textsOf(language.id), runners);
  });
}
