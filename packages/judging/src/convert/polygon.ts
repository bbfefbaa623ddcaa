import { testlibInputValidator, testlibValidator } from "./adapters.ts";
import type { Draft, DraftFile, DraftSubmission, Notes } from "./draft.ts";
import { sourceFile } from "./draft.ts";
import { languageCode } from "./languages.ts";
import { polygonStatements } from "./polygon-statements.ts";
import { polygonTests } from "./polygon-tests.ts";
import { readProblemXml } from "./polygon-xml.ts";
import type { Element } from "./polygon-xml.ts";
import { refuse } from "./source.ts";
import type { Source } from "./source.ts";

const xml = "problem.xml";

/** A full package of Polygon. */
export const convertPolygon = async (source: Source, notes: Notes): Promise<Draft> => {
  const problem = await readProblemXml(source, xml);
  const judging = problem.child("judging");
  const testset = mainTestset(judging);
  const names = namesOf(problem);
  const assets = problem.child("assets");
  const beside = headersOf(source, problem);
  const { samples, secret } = polygonTests(source, xml, testset, notes);
  for (const key of ["input-file", "output-file"]) {
    const file = judging.attribute(key) ?? "";
    if (file !== "") notes.add(xml, `${key} is ${file}; here submissions use standard input and output`);
  }
  const checker = programOf(source, assets.child("checker"));
  const interactor = assets.child("interactor").absent ? null : programOf(source, assets.child("interactor"));
  const scoring = secret.kind !== "pass-fail";
  requireTestlib(source, beside, [checker, interactor]);
  if (checker === null && interactor === null)
    notes.add(xml, "names no checker: the default output validator compares");

  const validators = assets
    .child("validators")
    .children("validator")
    .map((each) => programOf(source, each));
  requireTestlib(source, beside, validators);
  return {
    shortName: problem.attribute("short-name"),
    names,
    timeMs: numberOf(testset, "time-limit"),
    memoryBytes: numberOf(testset, "memory-limit"),
    interactive: interactor !== null,
    samples,
    secret,
    outputValidator:
      checker === null && interactor === null
        ? null
        : await testlibValidator(
            { checker: checker?.file ?? null, interactor: interactor?.file ?? null },
            beside,
            scoring,
          ),
    inputValidators: await Promise.all(
      validators.flatMap((program, index) =>
        program === null
          ? []
          : [
              testlibInputValidator(program.file, beside).then((files) => ({
                name: index === 0 ? "validator" : `validator${index + 1}`,
                files,
              })),
            ],
      ),
    ),
    submissions: submissionsOf(source, assets, notes),
    statements: await polygonStatements(source, problem, names, notes),
    attachments: attachmentsOf(source, problem),
    source: problem.attribute("url"),
  };
};

const mainTestset = (judging: Element): Element => {
  const testsets = judging.children("testset");
  const main = testsets.find((each) => each.attribute("name") === "tests") ?? testsets[0];
  if (main === undefined) throw refuse(xml, "has no testset", "package_invalid");
  return main;
};

const numberOf = (element: Element, name: string): number | null => {
  const text = element.child(name).text;
  if (text === "") return null;
  const number = Number(text);
  if (!(number > 0))
    throw refuse(xml, `${name} must be a positive number, not "${text.slice(0, 40)}"`, "package_invalid");
  return number;
};

const namesOf = (problem: Element): Readonly<Record<string, string>> => {
  const names: Record<string, string> = {};
  for (const name of problem.child("names").children("name")) {
    const code = languageCode(name.attribute("language") ?? "");
    if (code !== null) names[code] = name.attribute("value") ?? "";
  }
  return Object.keys(names).length > 0 ? names : { en: problem.attribute("short-name") ?? "problem" };
};

const baseName = (path: string): string => path.split("/").at(-1) ?? path;

/** testlib.h and the other headers among the package's resources, by name. */
const headersOf = (source: Source, problem: Element): ReadonlyMap<string, DraftFile> => {
  const listed = problem
    .child("files")
    .child("resources")
    .children("file")
    .map((file) => file.attribute("path") ?? "");
  const found = new Map<string, DraftFile>();
  for (const path of [...listed, "files/testlib.h", "testlib.h"]) {
    if (/\.(?:h|hpp|inc)$/u.test(path) && source.has(path))
      found.set(baseName(path), sourceFile(source, path));
  }
  return found;
};

interface Program {
  readonly path: string;
  readonly file: DraftFile;
}

const programOf = (source: Source, element: Element): Program | null => {
  if (element.absent) return null;
  const paths = [element.child("source").attribute("path"), element.child("copy").attribute("path")].filter(
    (path) => path !== null,
  );
  const path = paths.find((each) => source.has(each));
  if (path === undefined)
    throw refuse(paths[0] ?? xml, "is named by problem.xml as a program, but missing", "package_invalid");
  if (!/\.(?:cpp|cc|cxx|c\+\+)$/u.test(path))
    throw refuse(path, "is not C++; only testlib programs in C++ can be brought along");
  return { path, file: sourceFile(source, path) };
};

const requireTestlib = (
  source: Source,
  beside: ReadonlyMap<string, DraftFile>,
  programs: readonly (Program | null)[],
): void => {
  const program = programs.find((each) => each !== null);
  if (program === undefined || program === null || beside.has("testlib.h")) return;
  throw refuse(
    "files/testlib.h",
    `is missing from ${source.name}; ${program.path} needs it: put it there`,
    "package_invalid",
  );
};

/** Tags of Polygon as directories, and what those mean where no directory says the same. */
const tags: Readonly<Record<string, Pick<DraftSubmission, "directory" | "permitted" | "required">>> = {
  main: { directory: "accepted" },
  accepted: { directory: "accepted" },
  "wrong-answer": { directory: "wrong_answer" },
  "presentation-error": { directory: "wrong_answer" },
  "time-limit-exceeded": { directory: "time_limit_exceeded" },
  "time-limit-exceeded-or-accepted": { directory: "mixed", permitted: ["AC", "TLE"] },
  "time-limit-exceeded-or-memory-limit-exceeded": {
    directory: "mixed",
    permitted: ["AC", "TLE", "RTE"],
    required: ["TLE", "RTE"],
  },
  "memory-limit-exceeded": { directory: "run_time_error" },
  failed: { directory: "rejected" },
  rejected: { directory: "rejected" },
};

const submissionsOf = (source: Source, assets: Element, notes: Notes): readonly DraftSubmission[] =>
  assets
    .child("solutions")
    .children("solution")
    .flatMap((solution) => {
      const path = solution.child("source").attribute("path") ?? "";
      const tag = solution.attribute("tag") ?? "";
      if (!source.has(path)) {
        notes.add(path === "" ? xml : path, "is a solution that the package does not hold; it was left out");
        return [];
      }
      const meaning = Object.hasOwn(tags, tag) ? tags[tag] : undefined;
      if (meaning === undefined) {
        notes.add(
          path,
          `has the tag ${JSON.stringify(tag.slice(0, 60))}, which is not known here; it was left out`,
        );
        return [];
      }
      const name = baseName(path);
      return [
        {
          ...meaning,
          name: name.replace(/\.[^.]*$/u, ""),
          files: new Map([[name, sourceFile(source, path)]]),
        },
      ];
    });

const attachmentsOf = (source: Source, problem: Element): ReadonlyMap<string, DraftFile> =>
  new Map(
    problem
      .child("files")
      .child("attachments")
      .children("file")
      .map((file) => file.attribute("path") ?? "")
      .filter((path) => source.has(path))
      .map((path) => [baseName(path), sourceFile(source, path)]),
  );
