import type { ConfigMap } from "./config.ts";
import { readConstants } from "./constants.ts";
import { readModernCredits } from "./credits.ts";
import { readNames } from "./legacy.ts";
import type { ProblemYaml } from "./legacy.ts";
import { isKnownFormatLanguage } from "./languages.ts";
import { readLimits } from "./limits.ts";
import type { StatedTime } from "./limits.ts";
import type { Findings } from "./findings.ts";
import type { ProblemType, TimeCalibration } from "./types.ts";

const knownKeys = [
  "problem_format_version",
  "type",
  "name",
  "uuid",
  "version",
  "credits",
  "source",
  "license",
  "rights_owner",
  "embargo_until",
  "limits",
  "keywords",
  "languages",
  "allow_file_writing",
  "constants",
];
const knownLimits = [
  "time_multipliers",
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
const knownTypes = ["pass-fail", "scoring", "multi-pass", "interactive", "submit-answer"];
const incompatible = [
  ["pass-fail", "scoring"],
  ["submit-answer", "multi-pass"],
  ["submit-answer", "interactive"],
] as const;

/** problem.yaml of `2025-09`. Unknown keys are errors. */
export const readModernYaml = (
  yaml: ConfigMap,
  statedTime: StatedTime | null,
  findings: Findings,
): ProblemYaml => {
  yaml.rejectUnknown(knownKeys, "invalid");
  for (const key of ["name", "uuid"]) {
    if (!yaml.has(key)) findings.invalid(yaml.file, null, `${key} is required`);
  }
  const uuid = yaml.string("uuid");
  if (uuid !== null && !/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu.test(uuid)) {
    yaml.invalid("uuid", "must be a UUID such as 7f1f3b9c-0d6e-4c55-9a55-2f6b4f0f8f34");
  }
  const type = readType(yaml);
  const limits = yaml.map("limits");
  limits?.rejectUnknown(knownLimits, "invalid");
  if (limits?.has("validation_passes") === true && !type.multiPass) {
    limits.invalid("validation_passes", "is only for problems of type multi-pass");
  }
  const name = yaml.isMap("name") ? null : yaml.string("name");
  return {
    type,
    names: name === null ? readNames(yaml) : { en: name },
    uuid,
    version: yaml.string("version"),
    credits: readModernCredits(yaml, findings),
    keywords: yaml.has("keywords") ? (yaml.strings("keywords", { words: false }) ?? []) : [],
    limits: readLimits(
      {
        map: limits,
        time: statedTime,
        calibration: readCalibration(limits),
        fileWriting: yaml.boolean("allow_file_writing") ?? false,
        integers: true,
      },
      findings,
    ),
    languages: readLanguages(yaml),
    validation: {
      custom: false,
      interactive: type.interactive,
      multiPass: type.multiPass,
      where: { file: yaml.file, line: yaml.lineOf("type") },
    },
    validatorFlags: [],
    objective: "max",
    constants: readConstants(yaml),
  };
};

const readType = (yaml: ConfigMap): ProblemType => {
  const types = yaml.has("type")
    ? yaml.isList("type")
      ? yaml.strings("type", { words: false })
      : [yaml.string("type") ?? "pass-fail"]
    : ["pass-fail"];
  const has = new Set(types);
  if (types?.length === 0) yaml.invalid("type", "must name at least one type");
  else if (types !== null && has.size < types.length) yaml.invalid("type", "names a type twice");
  for (const type of has) {
    if (!knownTypes.includes(type)) {
      yaml.invalid("type", `"${type.slice(0, 40)}" is none of ${knownTypes.join(", ")}`);
    }
  }
  for (const [one, other] of incompatible) {
    if (has.has(one) && has.has(other)) yaml.invalid("type", `can't be both ${one} and ${other}`);
  }
  return {
    scoring: has.has("scoring"),
    interactive: has.has("interactive"),
    multiPass: has.has("multi-pass"),
    submitAnswer: has.has("submit-answer"),
  };
};

const readCalibration = (limits: ConfigMap | null): TimeCalibration => {
  const multipliers = limits?.has("time_multipliers") === true ? limits.map("time_multipliers") : null;
  multipliers?.rejectUnknown(["ac_to_time_limit", "time_limit_to_tle"], "invalid");
  const resolution = limits?.number("time_resolution", { min: 0, exclusiveMin: true }) ?? null;
  if (resolution !== null && limits?.has("time_limit") === true) {
    limits.warn("time_resolution", "is ignored: time_limit is stated");
  }
  return {
    rule: "2025-09",
    acToTimeLimit: multipliers?.number("ac_to_time_limit", { min: 1 }) ?? 2,
    timeLimitToTle: multipliers?.number("time_limit_to_tle", { min: 1 }) ?? 1.5,
    resolutionMs: 1000 * (resolution ?? 1),
  };
};

const readLanguages = (yaml: ConfigMap): "all" | readonly string[] => {
  if (!yaml.has("languages")) return "all";
  if (!yaml.isList("languages")) {
    const word = yaml.string("languages");
    if (word === "all" || word === null) return "all";
    // One name without brackets: what is meant is clear.
    return named(yaml, [word]);
  }
  const languages = yaml.strings("languages", { words: false });
  if (languages === null) return "all";
  if (languages.length === 0) yaml.invalid("languages", "must name at least one language, or be all");
  if (languages.includes("all")) yaml.invalid("languages", "must be all, or a list without it");
  return named(yaml, languages);
};

const named = (yaml: ConfigMap, languages: readonly string[]): readonly string[] => {
  for (const language of languages) {
    if (language !== "all" && !isKnownFormatLanguage(language)) {
      yaml.warn("languages", `names "${language.slice(0, 40)}", which is no language of the format`);
    }
  }
  return languages;
};
