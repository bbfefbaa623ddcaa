import { readText } from "./config.ts";
import type { ConfigMap } from "./config.ts";
import type { Findings } from "./findings.ts";
import type { PackageFiles } from "./files.ts";
import type { StatedTime } from "./limits.ts";

/** What domjudge-problem.ini says that matters for judging. */
export interface DomjudgeIni {
  readonly name: string | null;
  readonly shortName: string | null;
  readonly time: StatedTime | null;
}

const iniPath = "domjudge-problem.ini";

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
  for (const [index, line] of (text ?? "").split("\n").entries()) {
    const match = /^\s*([a-z_-]+)\s*=\s*(.*?)\s*$/u.exec(line);
    if (match === null) continue;
    const key = match[1];
    const value = (match[2] ?? "").replace(/^(["'])(.*)\1$/u, "$2");
    if (key === "name") name = value;
    else if (key === "short-name" || key === "externalid") shortName ??= value;
    else if (key === "timelimit") time = secondsFrom(value, iniPath, index + 1, findings);
    else if (key === "special_run")
      findings.unsupported(iniPath, index + 1, "a run script of its own (special_run)");
    else if (key === "special_compare") {
      findings.unsupported(iniPath, index + 1, "a compare script of its own (special_compare)");
    }
  }
  return { name, shortName, time };
};

/**
 * The time limit that the package states: `limits.time_limit`, `.timelimit`, or `timelimit` of
 * domjudge-problem.ini. Where several state one, they must agree.
 */
export const readStatedTime = async (
  files: PackageFiles,
  paths: ReadonlySet<string>,
  yaml: ConfigMap,
  ini: DomjudgeIni,
  findings: Findings,
): Promise<StatedTime | null> => {
  const stated: StatedTime[] = [];
  const limits = yaml.isMap("limits") ? yaml.map("limits") : null;
  const seconds = limits?.number("time_limit", { min: 0, exclusiveMin: true }) ?? null;
  if (seconds !== null) {
    stated.push({ seconds, where: yaml.file, line: limits?.lineOf("time_limit") ?? null });
  }
  if (paths.has(".timelimit")) {
    const text = await readText(files, ".timelimit", findings);
    const time = text === null ? null : secondsFrom(text.trim(), ".timelimit", 1, findings);
    if (time !== null) stated.push(time);
  }
  if (ini.time !== null) stated.push(ini.time);

  const [first] = stated;
  if (first === undefined) return null;
  for (const other of stated.slice(1)) {
    if (other.seconds !== first.seconds) {
      findings.invalid(
        other.where,
        other.line,
        `states a time limit of ${other.seconds} s, but ${first.where} one of ${first.seconds} s`,
      );
    }
  }
  return first;
};

const secondsFrom = (text: string, where: string, line: number, findings: Findings): StatedTime | null => {
  const seconds = /^[0-9]+(?:\.[0-9]+)?$/u.test(text) ? Number(text) : 0;
  if (seconds > 0) return { seconds, where, line };
  findings.invalid(
    where,
    line,
    `the time limit must be a positive number of seconds, not "${text.slice(0, 40)}"`,
  );
  return null;
};
