import { stringify } from "yaml";
import type { DraftFile, Notes } from "./draft.ts";
import { sourceFile } from "./draft.ts";
import { convertedFiles } from "./render.ts";
import type { ConvertedFiles } from "./render.ts";
import { refuse } from "./source.ts";
import type { Source } from "./source.ts";
import { readYaml } from "./yaml.ts";

const iniPath = "domjudge-problem.ini";

/**
 * A problem zip of DOMjudge: a legacy package whose settings may stand in domjudge-problem.ini. They
 * move to where the format has them; all else stays as it is.
 */
export const convertDomjudge = async (source: Source, notes: Notes): Promise<ConvertedFiles> => {
  const ini = source.has(iniPath) ? readIni(await source.text(iniPath)) : new Map<string, string>();
  const yaml = source.has("problem.yaml") ? await readYaml(source, "problem.yaml") : null;
  for (const key of ["special_run", "special_compare"]) {
    if (ini.has(key))
      throw refuse(
        iniPath,
        `${key} names an executable of the server; put the program into output_validators/ and say validation: custom`,
      );
  }
  for (const key of ["points", "color", "allow_submit", "allow_judge", "probid"])
    if (ini.has(key)) notes.add(iniPath, `${key} belongs to a contest, not to the problem; it was left out`);

  const files = new Map<string, DraftFile>();
  const moved = source.paths.flatMap((path): readonly (readonly [string, string])[] => {
    if (path === iniPath || path === "problem.yaml" || path === ".timelimit") return [];
    // DOMjudge takes a statement in the root.
    const statement = /^problem\.(?<ext>pdf|tex)$/u.exec(path)?.groups?.["ext"];
    if (statement !== undefined) return [[path, `problem_statement/problem.en.${statement}`]];
    if (/^problem\.(?:html|txt)$/u.test(path)) {
      notes.add(path, "is a statement in a form that the format has not; it became an attachment");
      return [[path, `attachments/${path}`]];
    }
    return [[path, path]];
  });
  for (const [from, to] of moved) {
    if (files.has(to)) throw refuse(from, `would become ${to}, which is there already`, "package_invalid");
    files.set(to, sourceFile(source, from));
  }
  const seconds =
    ini.get("timelimit") ?? (source.has(".timelimit") ? (await source.text(".timelimit")).trim() : null);
  if (seconds !== null) {
    if (!/^\d+(?:\.\d+)?$/u.test(seconds) || Number(seconds) <= 0)
      throw refuse(
        ini.has("timelimit") ? iniPath : ".timelimit",
        `the time limit must be a positive number of seconds, not ${JSON.stringify(seconds.slice(0, 40))}`,
        "package_invalid",
      );
    files.set(".timelimit", { content: `${seconds}\n` });
    if (ini.has("timelimit")) notes.add(iniPath, "timelimit became .timelimit");
  }
  if (yaml === null) {
    files.set("problem.yaml", {
      content: stringify({ problem_format_version: "legacy", name: ini.get("name") ?? source.name }),
    });
    notes.add("problem.yaml", "was missing and was made");
  } else if (yaml.get("name").absent) {
    const text = await source.text("problem.yaml");
    files.set("problem.yaml", {
      content: `${text.trimEnd()}\n${stringify({ name: ini.get("name") ?? source.name })}`,
    });
    notes.add("problem.yaml", "had no name; the one of domjudge-problem.ini stands there now");
  } else files.set("problem.yaml", sourceFile(source, "problem.yaml"));
  return convertedFiles(files);
};

const readIni = (text: string): ReadonlyMap<string, string> => {
  const settings = new Map<string, string>();
  for (const line of text.split("\n")) {
    const found = /^\s*(?<key>[a-zA-Z_-]+)\s*=(?<value>.*)$/su.exec(line)?.groups;
    const value = found?.["value"]?.trim().replace(/^(?<quote>["'])(?<text>.*)\k<quote>$/u, "$<text>") ?? "";
    if (found !== undefined && value !== "") settings.set((found["key"] ?? "").toLowerCase(), value);
  }
  return settings;
};
