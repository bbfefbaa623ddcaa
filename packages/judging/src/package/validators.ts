import type { Findings } from "./findings.ts";
import { iniPath } from "./domjudge-ini.ts";
import type { DomjudgeIni } from "./domjudge-ini.ts";
import type { PackageEntry } from "./files.ts";
import { isValidName } from "./names.ts";
import { isProgram, onlyPlaceIn, placesIn, programIn } from "./program.ts";
import type { ProgramPlace } from "./program.ts";
import type { FormatVersion, InputValidator, PackageProgram } from "./types.ts";

/** What checks inputs. Judging needs none of them, so one that can't be run is only a warning. */
export const readInputValidators = (
  entries: readonly PackageEntry[],
  version: FormatVersion,
  findings: Findings,
): readonly InputValidator[] => {
  // The name that they had before the format was written down.
  const directories =
    version === "2025-09" ? ["input_validators"] : ["input_validators", "input_format_validators"];
  const validators: InputValidator[] = [];
  for (const place of directories.flatMap((directory) => placesIn(entries, directory))) {
    if (!namesAreValid(place, findings)) continue;
    const { path } = place;
    if (!place.directory && path.endsWith(".ctd")) validators.push({ kind: "checktestdata", path });
    else if (!place.directory && path.endsWith(".viva")) {
      findings.unsupported(path, null, "an input validator in the VIVA language (.viva)");
    } else {
      const program = programIn(place);
      if (isProgram(program)) validators.push({ kind: "program", path, program });
      else findings.warn(path, null, `${program.message}; inputs are not checked by it`);
    }
  }
  return validators;
};

/** What problem.yaml says of output validators. */
export interface OutputValidation {
  readonly custom: boolean;
  readonly interactive: boolean;
  readonly multiPass: boolean;
  /** Where it says that, for findings. */
  readonly where: { readonly file: string; readonly line: number | null };
}

/**
 * Legacy: problem.yaml selects the programs of output_validators/, or domjudge-problem.ini does by
 * naming one of them.
 */
export const readLegacyOutputValidators = (
  entries: readonly PackageEntry[],
  stated: OutputValidation,
  ini: DomjudgeIni,
  findings: Findings,
): { readonly programs: readonly PackageProgram[]; readonly validation: OutputValidation } => {
  const places = placesIn(entries, "output_validators");
  const single = entries.find((entry) => entry.path.startsWith("output_validator/"));
  if (single !== undefined) {
    findings.warn(single.path, null, "is ignored; legacy packages have output_validators/");
  }
  const validation = withIni(stated, ini, places.length > 0, findings);
  if (!validation.custom) {
    const [first] = places;
    if (first !== undefined) {
      findings.warn(
        first.files[0]?.packagePath ?? first.path,
        null,
        "output_validators/ is not used: problem.yaml selects the default output validator",
      );
    }
    return { programs: [], validation };
  }
  if (places.length === 0) {
    const { file, line } = validation.where;
    findings.invalid(file, line, "selects a custom output validator, but output_validators/ holds none");
  }
  return { programs: runnable(places, "an output validator", findings), validation };
};

const withIni = (
  stated: OutputValidation,
  ini: DomjudgeIni,
  any: boolean,
  findings: Findings,
): OutputValidation => {
  let validation = stated;
  for (const [key, word] of [
    ["special_compare", ini.compare],
    ["special_run", ini.run],
  ] as const) {
    if (word === null) continue;
    if (!any) {
      const feature = key === "special_run" ? "a run script" : "a compare script";
      findings.unsupported(
        iniPath,
        word.line,
        `${feature} that the package does not hold in output_validators/ (${key})`,
      );
      continue;
    }
    validation = {
      ...validation,
      custom: true,
      interactive: validation.interactive || key === "special_run",
      where: validation.custom ? validation.where : { file: iniPath, line: word.line },
    };
  }
  return validation;
};

/** 2025-09: there is one when output_validator/ holds one. */
export const readModernOutputValidator = (
  entries: readonly PackageEntry[],
  stated: OutputValidation,
  findings: Findings,
): readonly PackageProgram[] => {
  const legacy = entries.find((entry) => entry.path.startsWith("output_validators/"));
  if (legacy !== undefined) {
    findings.invalid(legacy.path, null, "is in output_validators/; 2025-09 has output_validator/");
  }
  const place = onlyPlaceIn(entries, "output_validator", findings);
  if (place === null) {
    if ((stated.interactive || stated.multiPass) && legacy === undefined) {
      const type = stated.interactive ? "interactive" : "multi-pass";
      const { file, line } = stated.where;
      findings.invalid(file, line, `a problem of type ${type} needs an output_validator/`);
    }
    return [];
  }
  return runnable([place], "an output validator", findings);
};

/** The one program that `directory` may hold. */
export const readOnlyProgram = (
  entries: readonly PackageEntry[],
  directory: string,
  what: string,
  findings: Findings,
): PackageProgram | null => {
  const place = onlyPlaceIn(entries, directory, findings);
  return place === null ? null : (runnable([place], what, findings)[0] ?? null);
};

const runnable = (
  places: readonly ProgramPlace[],
  what: string,
  findings: Findings,
): readonly PackageProgram[] =>
  places.flatMap((place) => {
    if (!namesAreValid(place, findings)) return [];
    const program = programIn(place);
    if (isProgram(program)) return [program];
    if (program.unknownLanguage) {
      findings.unsupported(place.path, null, `${what} that ${program.message}: it`);
    } else findings.invalid(place.path, null, program.message);
    return [];
  });

const namesAreValid = (place: ProgramPlace, findings: Findings): boolean => {
  const wrong = place.files.find((file) => !file.packagePath.split("/").every(isValidName));
  if (wrong !== undefined) {
    findings.invalid(wrong.packagePath, null, `has an invalid name; use letters, digits, "_", "." and "-"`);
  }
  return wrong === undefined;
};
