import { readText } from "./yaml-file.ts";
import type { Findings } from "./findings.ts";
import type { PackageFiles } from "./files.ts";
import type { StatedTime } from "./limits.ts";

/** What domjudge-problem.ini says that matters for judging. */
export interface DomjudgeIni {
  readonly name: string | null;
  readonly shortName: string | null;
  readonly time: StatedTime | null;
  /** Name of the executable that compares, with its line. */
  readonly compare: IniWord | null;
  /** Name of the executable that talks to the submission. */
  readonly run: IniWord | null;
  /** Arguments of the executable that compares. */
  readonly compareArgs: IniWord | null;
}

interface IniWord {
  readonly value: string;
  readonly line: number;
}

export const iniPath = "domjudge-problem.ini";

/** What DOMjudge itself makes of them has no meaning here. */
const withoutMeaning = ["allow_submit", "allow_judge", "points", "color", "probid"];

/** Reads domjudge-problem.ini: `key = value` lines, values may be quoted. */
export const readDomjudgeIni = async (
  files: PackageFiles,
  paths: ReadonlySet<string>,
  findings: Findings,
): Promise<DomjudgeIni> => {
  const text = paths.has(iniPath) ? await readText(files, iniPath, findings) : null;
  let name: string | null = null;
  let shortName: string | null = null;
  let time: StatedTime | null = null;
  let compare: IniWord | null = null;
  let run: IniWord | null = null;
  let compareArgs: IniWord | null = null;
  for (const [index, row] of (text ?? "").split("\n").entries()) {
    const line = index + 1;
    // Trimmed apart: an expression that looks for the end of the value tries every blank of a long row.
    const match = /^\s*([a-z_-]+)\s*=(.*)$/su.exec(row);
    if (match === null) {
      if (!/^\s*(?:[;#[].*)?$/u.test(row)) findings.warn(iniPath, line, "is ignored: it is no `key = value`");
      continue;
    }
    const key = match[1] ?? "";
    const value = (match[2] ?? "").trim().replace(/^(["'])(.*)\1$/u, "$2");
    if (key === "name") name = value;
    else if (key === "short-name" || key === "externalid") shortName ??= value;
    else if (key === "timelimit") time = secondsFrom(value, iniPath, line, findings);
    else if (key === "special_run") run = value === "" ? null : { value, line };
    else if (key === "special_compare") compare = value === "" ? null : { value, line };
    else if (key === "special_compare_args") compareArgs = { value, line };
    else if (!withoutMeaning.includes(key)) findings.warn(iniPath, line, `unknown key "${key}" is ignored`);
  }
  return { name, shortName, time, compare, run, compareArgs };
};

export const secondsFrom = (
  text: string,
  where: string,
  line: number,
  findings: Findings,
): StatedTime | null => {
  const seconds = /^[0-9]+(?:\.[0-9]+)?$/u.test(text) ? Number(text) : 0;
  if (seconds > 0) return { seconds, where, line };
  findings.invalid(
    where,
    line,
    `the time limit must be a positive number of seconds, not "${text.slice(0, 40)}"`,
  );
  return null;
};
