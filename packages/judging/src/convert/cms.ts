import { cmsValidator } from "./adapters.ts";
import type { Draft, DraftFile, DraftGroup, DraftSubmission, DraftTest, Notes } from "./draft.ts";
import { sourceFile } from "./draft.ts";
import { languageCode } from "./languages.ts";
import { refuse } from "./source.ts";
import type { Source } from "./source.ts";
import { readYaml } from "./yaml.ts";
import type { Foreign } from "./yaml.ts";

/** A task in the Italian format of the Contest Management System. */
export const convertCms = async (source: Source, notes: Notes): Promise<Draft> => {
  const config = await readYaml(source, "task.yaml");
  const outputOnly = config.get("output_only").boolean() ?? false;
  const manager = source.paths.find((path) => /^(?:check|cor)\/manager(?:\.|$)/u.test(path));
  if (manager !== undefined)
    throw refuse(
      manager,
      "makes this a Communication task, which talks over named pipes; it can't be judged here",
    );
  for (const key of ["infile", "outfile"]) {
    const file = config.get(key).string() ?? "";
    if (file !== "" && !outputOnly)
      notes.add("task.yaml", `${key} is ${file}; here submissions use standard input and output`);
  }
  const tests = readTests(source, config);
  const seconds = config.get("time_limit").number();
  const memory = config.get("memory_limit").number();
  const checker = checkerOf(source);
  if (checker === null) notes.add("task.yaml", "the white-space comparison became the comparator tokens");
  const total = config.get("total_value").number() ?? 100;
  if (!Number.isInteger(total))
    config.get("total_value").fail("must be a whole number", "package_unsupported");
  const secret = await secretOf(source, tests, total, checker !== null, notes);
  const language = languageCode(config.get("primary_language").string() ?? "") ?? "it";
  const samples = samplesOf(source);
  if (
    secret.kind === "groups" &&
    secret.groups.some(({ requires }) => requires.length > 0) &&
    samples.length === 0
  )
    notes.add("gen/GEN", "the subtask of 0 points is a group as any other");
  return {
    shortName: config.any("name", "nome_breve").string() ?? source.name,
    names: { [language]: config.any("title", "nome").string() ?? source.name },
    timeMs: seconds === null ? null : Math.round(seconds * 1000),
    memoryBytes: memory === null ? null : memory * 1024 * 1024,
    submitAnswer: outputOnly,
    samples,
    secret,
    comparator: checker === null ? { kind: "tokens" } : null,
    outputValidator:
      checker === null
        ? null
        : await cmsValidator(sourceFile(source, checker), headersBeside(source, checker), true),
    submissions: submissionsOf(source, notes),
    statements: statementsOf(source, language, notes),
    attachments: new Map(
      source.paths
        .filter(
          (path) => path.startsWith("att/") && !/(?:^|\/)(?:.*input\d*\.txt|.*output\d*\.txt)$/u.test(path),
        )
        .map((path) => [path.slice("att/".length), sourceFile(source, path)]),
    ),
    includes: gradersOf(source),
  };
};

const readTests = (source: Source, config: Foreign): readonly DraftTest[] => {
  const tests: DraftTest[] = [];
  for (let number = 0; source.has(`input/input${number}.txt`); number++) {
    const answer = `output/output${number}.txt`;
    if (!source.has(answer)) throw refuse(answer, "is missing beside its input", "package_invalid");
    tests.push({
      input: sourceFile(source, `input/input${number}.txt`),
      answer: sourceFile(source, answer),
      title: String(number),
    });
  }
  const stated = config.get("n_input").number();
  if (tests.length === 0 || (stated !== null && stated !== tests.length))
    throw refuse(
      `input/input${tests.length}.txt`,
      `is missing${stated === null ? "" : `: task.yaml speaks of ${stated} inputs`}; make the tests with the task's generator first`,
      "package_invalid",
    );
  return tests;
};

/** One subtask of gen/GEN: its points, and how many tests it has. */
interface Subtask {
  readonly points: number;
  tests: number;
}

/** gen/GEN: a line for each test; `#ST: points` starts a subtask, `#COPY: file` is a test too. */
const readGen = (text: string): { readonly subtasks: readonly Subtask[]; readonly tests: number } => {
  const subtasks: Subtask[] = [];
  let tests = 0;
  for (const [index, line] of text.split("\n").entries()) {
    const [command = "", comment = ""] = splitOnce(line, "#");
    const [key = "", value = ""] = splitOnce(comment, ":").map((part) => part.trim());
    if (command.trim() === "" && key === "ST") {
      const points = Number(value);
      if (!Number.isInteger(points) || points < 0)
        throw refuse(
          "gen/GEN",
          `a subtask of ${JSON.stringify(value.slice(0, 40))} points; they are whole numbers`,
          "package_unsupported",
          index + 1,
        );
      subtasks.push({ points, tests: 0 });
    } else if (command.trim() !== "" || key === "COPY") {
      tests++;
      const last = subtasks.at(-1);
      if (last !== undefined) last.tests++;
    }
  }
  return { subtasks, tests };
};

const splitOnce = (text: string, separator: string): readonly string[] => {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
};

const secretOf = async (
  source: Source,
  tests: readonly DraftTest[],
  total: number,
  shares: boolean,
  notes: Notes,
): Promise<Draft["secret"]> => {
  const gen = source.has("gen/GEN") ? readGen(await source.text("gen/GEN")) : null;
  const worth = gen?.subtasks.reduce((sum, { points }) => sum + points, 0) ?? 0;
  if (gen === null || worth === 0) {
    // Without subtasks each test is worth the same.
    return { kind: "points", tests, maxScore: total };
  }
  const counted = gen.subtasks.reduce((sum, subtask) => sum + subtask.tests, 0);
  if (counted !== tests.length || gen.tests !== counted)
    throw refuse(
      "gen/GEN",
      `describes ${gen.tests} tests, ${counted} of them in subtasks, but input/ holds ${tests.length}`,
      "package_invalid",
    );
  let at = 0;
  const groups: DraftGroup[] = [];
  for (const { points, tests: count } of gen.subtasks) {
    const own = tests.slice(at, at + count);
    at += count;
    if (own.length === 0) {
      notes.add("gen/GEN", `a subtask of ${points} points without tests was left out`);
      continue;
    }
    groups.push({
      title: "",
      tests: own,
      maxScore: points,
      aggregation: shares ? "min" : "pass-fail",
      requires: [],
    });
  }
  return { kind: "groups", groups };
};

const checkerOf = (source: Source): string | null => {
  const found = source.paths.filter((path) => /^(?:check\/checker|cor\/correttore)(?:\.|$)/u.test(path));
  const program = found.find((path) => /\.(?:cpp|cc|cxx)$/u.test(path));
  if (program !== undefined) return program;
  const [other] = found;
  if (other !== undefined) throw refuse(other, "is a checker without C++ source; put its .cpp there");
  return null;
};

const headersBeside = (source: Source, program: string): ReadonlyMap<string, DraftFile> => {
  const folder = program.slice(0, program.lastIndexOf("/") + 1);
  return new Map(
    source.paths
      .filter((path) => path.startsWith(folder) && /^[^/]+\.(?:h|hpp)$/u.test(path.slice(folder.length)))
      .map((path) => [path.slice(folder.length), sourceFile(source, path)]),
  );
};

/** Examples that contestants get: att/input0.txt, att/<task>.input0.txt with their outputs. */
const samplesOf = (source: Source): readonly DraftTest[] =>
  source.paths.flatMap((path) => {
    if (!/^att\/(?:.*\.)?input\d*\.txt$/u.test(path)) return [];
    const answer = path.replace(/input(\d*\.txt)$/u, "output$1");
    return source.has(answer)
      ? [{ input: sourceFile(source, path), answer: sourceFile(source, answer) }]
      : [];
  });

const submissionsOf = (source: Source, notes: Notes): readonly DraftSubmission[] =>
  source.paths.flatMap((path) => {
    const name = /^sol\/(?<name>[^/]+\.(?:cpp|cc|c|py))$/u.exec(path)?.groups?.["name"];
    if (name === undefined || /^(?:grader|template|stub)/u.test(name)) return [];
    if (!/^(?:solution|soluzione|sol|correct|official)/iu.test(name)) {
      notes.add(path, "promises no verdict and was left out; only solution.* is taken as accepted");
      return [];
    }
    return [
      {
        directory: "accepted",
        name: name.replace(/\.[^.]*$/u, ""),
        files: new Map([[name, sourceFile(source, path)]]),
      },
    ];
  });

const statementsOf = (source: Source, primary: string, notes: Notes): ReadonlyMap<string, DraftFile> => {
  const found = new Map<string, DraftFile>();
  for (const path of source.paths) {
    const name = /^(?:statement|testo)\/(?<name>[^/]+)\.pdf$/u.exec(path)?.groups?.["name"];
    if (name === undefined) continue;
    const code = /^(?:statement|testo)$/u.test(name) ? primary : languageCode(name);
    if (code === null) notes.add(path, "is a statement in no language that is known here; it was left out");
    else found.set(`problem.${code}.pdf`, sourceFile(source, path));
  }
  return found;
};

/** sol/grader.* and headers are compiled with each submission of their language. */
const gradersOf = (source: Source): ReadonlyMap<string, DraftFile> => {
  const folders: Readonly<Record<string, readonly string[]>> = {
    cpp: ["cpp"],
    c: ["c"],
    py: ["python3"],
    h: ["c", "cpp"],
  };
  return new Map(
    source.paths.flatMap((path) => {
      const found = /^sol\/(?<name>(?:grader|stub)\.(?<ext>cpp|c|py)|[^/]+\.(?<header>h))$/u.exec(
        path,
      )?.groups;
      const name = found?.["name"];
      if (name === undefined) return [];
      return (folders[found?.["ext"] ?? found?.["header"] ?? ""] ?? []).map(
        (folder) => [`${folder}/${name}`, sourceFile(source, path)] as const,
      );
    }),
  );
};
