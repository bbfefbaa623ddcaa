import { readText } from "./yaml-file.ts";
import type { ConfigMap } from "./config.ts";
import { secondsFrom } from "./domjudge-ini.ts";
import type { DomjudgeIni } from "./domjudge-ini.ts";
import type { Findings } from "./findings.ts";
import type { PackageFiles } from "./files.ts";
import type { StatedTime } from "./limits.ts";

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
