import type { ConfigMap } from "./config.ts";
import { readLimits } from "./limits.ts";
import type { StatedTime } from "./limits.ts";
import type { Findings } from "./findings.ts";
import type { ProblemLimits } from "./types.ts";

/** What problem.yaml says, whichever generation it is written in. */
export interface ProblemYaml {
  readonly names: Readonly<Record<string, string>>;
  readonly uuid: string | null;
  readonly license: string;
  readonly limits: ProblemLimits;
  /** Names of the format, not ids of the catalogue. */
  readonly languages: "all" | readonly string[];
  /** Flags that hold for every test. */
  readonly validatorFlags: readonly string[];
}

const knownKeys = [
  "problem_format_version",
  "type",
  "name",
  "uuid",
  "author",
  "source",
  "source_url",
  "license",
  "rights_owner",
  "limits",
  "validation",
  "validator_flags",
  "grading",
  "keywords",
];
const knownLimits = [
  "time_multiplier",
  "time_safety_margin",
  "time_limit",
  "memory",
  "output",
  "code",
  "compilation_time",
  "compilation_memory",
  "validation_time",
  "validation_memory",
  "validation_output",
];

export const licenses = ["unknown", "public domain", "cc0", "cc by", "cc by-sa", "educational", "permission"];

/** problem.yaml of `legacy` and `legacy-icpc`. Unknown keys are warnings. */
export const readLegacyYaml = (
  yaml: ConfigMap,
  statedTime: StatedTime | null,
  findings: Findings,
): ProblemYaml => {
  yaml.rejectUnknown(knownKeys, "warning");
  const refuse = (key: string, feature: string): void =>
    findings.unsupported(yaml.file, yaml.lineOf(key), feature);

  const type = yaml.string("type") ?? "pass-fail";
  if (type === "scoring") refuse("type", "scoring");
  else if (type !== "pass-fail") yaml.invalid("type", `must be pass-fail or scoring, not "${type}"`);

  const validation = (yaml.string("validation") ?? "default").split(/\s+/u);
  if (validation[0] === "custom") {
    for (const option of validation.slice(1)) {
      if (option === "interactive") refuse("validation", "an interactive problem");
      else if (option === "multi-pass") refuse("validation", "a multi-pass problem");
      else if (option === "score") refuse("validation", "scoring by the output validator");
      else yaml.invalid("validation", `has the unknown option "${option}"`);
    }
    refuse("validation", "a custom output validator");
  } else if (validation.length !== 1 || validation[0] !== "default") {
    yaml.invalid("validation", "must be default, or custom with its options");
  }

  if (yaml.has("grading")) refuse("grading", "scoring (grading)");

  const license = yaml.string("license") ?? "unknown";
  if (!licenses.includes(license)) {
    findings.warn(
      yaml.file,
      yaml.lineOf("license"),
      `license "${license}" is none of ${licenses.join(", ")}`,
    );
  }

  const limits = yaml.map("limits");
  limits?.rejectUnknown(knownLimits, "warning");
  const name = yaml.isMap("name") ? null : yaml.string("name");
  return {
    names: name === null ? readNames(yaml) : { en: name },
    uuid: yaml.string("uuid"),
    license,
    limits: readLimits(limits, statedTime, true, findings),
    languages: "all",
    validatorFlags: yaml.strings("validator_flags", { words: true }) ?? [],
  };
};

/** `name` as a map of language codes to names. */
export const readNames = (yaml: ConfigMap): Readonly<Record<string, string>> => {
  if (!yaml.isMap("name")) return {};
  const map = yaml.map("name");
  const names: Record<string, string> = {};
  for (const code of map?.keys ?? []) {
    const name = map?.string(code) ?? null;
    if (!/^[a-z]{2,3}(?:-[A-Z]{2})?$/u.test(code))
      map?.invalid(code, "is not a language code such as en or pt-BR");
    else if (name !== null) names[code] = name;
  }
  return names;
};
