import { writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import type { LanguageReport } from "@assay/contracts";
import { imageStore } from "@assay/images";
import { measureStartUp, probeLanguage, reportStore } from "@assay/judging";
import { languageById, languages, type Language } from "@assay/languages";
import { connectSandbox, type Sandbox } from "@assay/sandbox";
import type { Command } from "commander";
import { interruptSignal, printJson } from "../../command.ts";
import { exitCode, messageOf, usageError } from "../../exit.ts";
import { count, directory } from "../../options.ts";
import { say } from "../../output/say.ts";
import { left, right, table } from "../../output/table.ts";
import { printable } from "../../output/text.ts";
import { ensureImages } from "../../stack/ensure-images.ts";
import { temporaryExecPlace } from "../../stack/exec-service.ts";
import { startSandbox } from "../../stack/parts.ts";
import { defaultImagesDirectory } from "../../stack/paths.ts";
import { requireRoot } from "../../stack/stack.ts";
import { measureBare } from "./bare.ts";
import { languagesPage, passedAll, type Tested } from "./report-table.ts";

interface TestOptions {
  readonly all: boolean;
  readonly images: string;
  readonly slots: number;
  readonly measure: boolean;
  readonly write?: string;
  readonly json: boolean;
}

export function registerTest(program: Command): void {
  program
    .command("test")
    .description("run the probes of languages in boxes here, after building their images (as root)")
    .argument("[id...]", "ids of languages; without any, all whose image is built here")
    .option("--all", "every language of the catalogue", false)
    .option("--images <directory>", "where images are kept", directory, defaultImagesDirectory())
    .option("--slots <n>", "languages at once", count, 2)
    .option("--measure", "also what starting costs: alone and one after the other", false)
    .option("--write <file>", "write the page with the table there, as Markdown")
    .option("--json", "one JSON object", false)
    .action(test);
}

async function test(ids: readonly string[], options: TestOptions): Promise<void> {
  requireRoot("testing languages", "for their images and their boxes");
  const signal = interruptSignal();
  const chosen = await choose(ids, options);
  const unbuilt = await build(chosen, options.images, signal);
  await using place = await temporaryExecPlace(0);
  const own = { ...place, identities: { runner: { uid: 0 } } };
  await using _daemon = await startSandbox(
    { ...own, log: (_part, line) => say(line), signal },
    { images: options.images, slots: options.slots },
  );
  await using sandbox = await connectSandbox({ runDirectory: place.paths.sandboxRun });

  const tested = new Map<string, Tested>();
  const waiting = [...chosen];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const found = await testOne(next, unbuilt.get(next.image) ?? null, { options, sandbox, signal });
      tested.set(next.id, found);
      if (!options.json) tell(found);
    }
  };
  await Promise.all(Array.from({ length: options.slots }, work));
  const all = chosen.flatMap(({ id }) => tested.get(id) ?? []);
  if (options.measure) await measureAll(all, { options, sandbox, signal });

  const passed = all.filter(passedAll).length;
  if (options.write !== undefined)
    await writeFile(options.write, languagesPage(all, new Date().toISOString().slice(0, 10)));
  if (options.json) printJson({ passed, items: all });
  else
    process.stdout.write(
      `${summary(all)}\n${passed} of ${all.length} language versions passed every probe\n`,
    );
  process.exitCode = passed === all.length ? exitCode.ok : exitCode.notSo;
}

async function choose(ids: readonly string[], options: TestOptions): Promise<Language[]> {
  if (options.all) return [...languages.values()];
  if (ids.length > 0)
    return ids.map((id) => {
      const language = languageById(id);
      if (language !== null) return language;
      throw usageError(`there is no language ${id}; there are ${[...languages.keys()].join(", ")}`);
    });
  const images = await imageStore(options.images).list();
  const built = new Set(images.filter(({ state }) => state === "ready").map(({ name }) => name));
  return [...languages.values()].filter(({ image }) => built.has(image));
}

/** Builds what is missing. One image that can't be built does not keep the others from being tested. */
async function build(
  chosen: readonly Language[],
  images: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const failures = new Map<string, string>();
  for (const image of new Set(chosen.map((language) => language.image)))
    try {
      await ensureImages(images, [image], signal);
    } catch (error) {
      signal.throwIfAborted();
      failures.set(image, `the image ${image} can't be built: ${messageOf(error)}`);
      say(`assay: ${failures.get(image)}`);
    }
  return failures;
}

interface Bench {
  readonly options: TestOptions;
  readonly sandbox: Sandbox;
  readonly signal: AbortSignal;
}

async function testOne(
  language: Language,
  failure: string | null,
  { options, sandbox, signal }: Bench,
): Promise<Tested> {
  const { id } = language;
  if (failure !== null) return { id, report: null, failure };
  const store = imageStore(options.images);
  const status = await store.verify(language.image);
  if (status.state !== "ready" || status.digest === null)
    return { id, report: null, failure: status.reason ?? `the image ${language.image} is ${status.state}` };
  const image = { name: language.image, digest: status.digest };
  const found = await probeLanguage({ language, image, sandbox, machine: hostname(), signal });
  const report: LanguageReport = { ...found, startUp: null };
  await reportStore(options.images).write(report);
  return { id, report, failure: null };
}

/** One after the other, so that they do not measure each other. */
async function measureAll(tested: Tested[], { options, sandbox, signal }: Bench): Promise<void> {
  const store = imageStore(options.images);
  for (const [index, { id, report }] of tested.entries()) {
    const language = languageById(id);
    if (language === null || report?.passed !== true) continue;
    const box = await measureStartUp({ language, image: report.image, sandbox, machine: hostname(), signal });
    const bareMs = await measureBare(language, (await store.resolve(language.image)).root, signal);
    const measured = { ...report, startUp: { ...box, bareMs } };
    await reportStore(options.images).write(measured);
    tested[index] = { id, report: measured, failure: null };
  }
}

function tell({ id, report, failure }: Tested): void {
  const failed = report?.probes.filter(({ status }) => status === "failed") ?? [];
  if (failure === null && report?.version === null)
    failed.unshift({ name: "version", status: "failed", reason: "its tools did not tell their version" });
  process.stderr.write(`${id}: ${failure ?? (failed.length === 0 ? "passed" : "failed")}\n`);
  for (const { name, reason } of failed) process.stderr.write(`  ${name}: ${printable(reason ?? "")}\n`);
}

function countOf(report: LanguageReport | null, wanted: string): string {
  return report === null ? "" : String(report.probes.filter(({ status }) => status === wanted).length);
}

function summary(tested: readonly Tested[]): string {
  return table(
    [left("id"), left("version"), left("image"), right("passed"), right("failed"), right("skipped")],
    tested.map(({ id, report }) => [
      id,
      report?.version ?? "",
      languageById(id)?.image ?? "",
      ...["passed", "failed", "skipped"].map((wanted) => countOf(report, wanted)),
    ]),
  );
}
