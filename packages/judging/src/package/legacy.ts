import type { ConfigMap } from "./config.ts";
import { readLegacyCredits } from "./credits.ts";
import type { DomjudgeIni } from "./domjudge-ini.ts";
import { readLimits } from "./limits.ts";
import type { StatedTime } from "./limits.ts";
import { isLanguageCode } from "./names.ts";
import type { Findings } from "./findings.ts";
import type { Credits, FormatVersion, ProblemLimits, ProblemType } from "./types.ts";
import type { OutputValidation } from "./validators.ts";

/** What problem.yaml says, whichever generation it is written in. */
export interface ProblemYaml {
  readonly type: ProblemType;
  readonly names: Readonly<Record<string, string>>;
  readonly uuid: string | null;
  readonly version: string | null;
  readonly credits: Credits;
  readonly keywords: readonly string[];
  readonly limits: ProblemLimits;
  /** Names of the format, not ids of the catalogue. */
  readonly languages: "all" | readonly string[];
  readonly validation: OutputValidation;
  /** Flags that hold for every test. */
  readonly validatorFlags: readonly string[];
  readonly objective: "max" | "min";
  readonly constants: Readonly<Record<string, string>>;
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
  "time_resolution",
  "memory",
  "output",
  "code",
  "compilation_time",
  "compilation_memory",
  "validation_time",
  "validation_memory",
  "validation_output",
  "validation_passes",
];

/** problem.yaml of `legacy` and `legacy-icpc`. Unknown keys are warnings. */
export const readLegacyYaml = (
  yaml: ConfigMap,
  version: FormatVersion,
  statedTime: StatedTime | null,
  ini: DomjudgeIni,
  findings: Findings,
): ProblemYaml => {
  yaml.rejectUnknown(knownKeys, "warning");
  const type = yaml.string("type") ?? "pass-fail";
  const scoring = type === "scoring";
  if (!scoring && type !== "pass-fail") {
    yaml.invalid("type", `must be pass-fail or scoring, not "${type.slice(0, 40)}"`);
  } else if (scoring && version === "legacy-icpc") yaml.invalid("type", "must be pass-fail in legacy-icpc");

  const validation = readValidation(yaml, scoring);
  const limits = yaml.map("limits");
  limits?.rejectUnknown(knownLimits, "warning");
  if (limits?.has("validation_passes") === true && !validation.multiPass) {
    limits.warn("validation_passes", "is ignored: the problem is not multi-pass");
  }
  const atLeastZero = { min: 0, exclusiveMin: true };
  const name = yaml.isMap("name") ? null : yaml.string("name");
  return {
    type: {
      scoring,
      interactive: validation.interactive,
      multiPass: validation.multiPass,
      submitAnswer: false,
    },
    names: name === null ? readNames(yaml) : { en: name },
    uuid: yaml.string("uuid"),
    version: null,
    credits: readLegacyCredits(yaml, findings),
    keywords: yaml.strings("keywords", { words: true }) ?? [],
    limits: readLimits(
      {
        map: limits,
        time: statedTime,
        calibration: {
          rule: "legacy",
          acToTimeLimit: limits?.number("time_multiplier", atLeastZero) ?? 5,
          timeLimitToTle: limits?.number("time_safety_margin", atLeastZero) ?? 2,
          resolutionMs: 1000 * (limits?.number("time_resolution", atLeastZero) ?? 1),
        },
        fileWriting: true,
        integers: false,
      },
      findings,
    ),
    languages: "all",
    validation,
    validatorFlags: yaml.has("validator_flags")
      ? (yaml.strings("validator_flags", { words: true }) ?? [])
      : (ini.compareArgs?.value.split(/\s+/u).filter((word) => word !== "") ?? []),
    objective: readGrading(yaml, scoring, version),
    constants: {},
  };
};

const readValidation = (yaml: ConfigMap, scoring: boolean): OutputValidation => {
  const where = { file: yaml.file, line: yaml.lineOf("validation") };
  const [mode, ...options] = (yaml.string("validation") ?? "default").trim().split(/\s+/u);
  if (mode !== "custom" && (mode !== "default" || options.length > 0)) {
    yaml.invalid("validation", "must be default, or custom with its options");
  }
  for (const option of mode === "custom" ? options : []) {
    if (!["score", "interactive", "multi-pass"].includes(option)) {
      yaml.invalid("validation", `has the unknown option "${option.slice(0, 40)}"`);
    }
  }
  if (mode === "custom" && options.includes("score") && !scoring) {
    yaml.invalid("validation", "lets the validator give scores, but the type is not scoring");
  }
  return {
    custom: mode === "custom",
    interactive: mode === "custom" && options.includes("interactive"),
    multiPass: mode === "custom" && options.includes("multi-pass"),
    where,
  };
};

const readGrading = (yaml: ConfigMap, scoring: boolean, version: FormatVersion): "max" | "min" => {
  const grading = yaml.has("grading") ? yaml.map("grading") : null;
  if (grading === null) return "max";
  if (version === "legacy-icpc") yaml.invalid("grading", "is not part of legacy-icpc");
  else if (!scoring) yaml.warn("grading", "is ignored: the type is not scoring");
  grading.rejectUnknown(["objective", "show_test_data_groups"], "warning");
  grading.boolean("show_test_data_groups");
  const objective = grading.string("objective") ?? "max";
  if (objective === "max" || objective === "min") return objective;
  grading.invalid("objective", "must be max or min");
  return "max";
};

/** `name` as a map of language codes to names. */
export const readNames = (yaml: ConfigMap): Readonly<Record<string, string>> => {
  if (!yaml.isMap("name")) return {};
  const map = yaml.map("name");
  const names: Record<string, string> = {};
  for (const code of map?.keys ?? []) {
    const name = map?.string(code) ?? null;
    if (!isLanguageCode(code)) map?.invalid(code, "is not a language code such as en or pt-BR");
    else if (name !== null) names[code] = name;
  }
  return names;
};
