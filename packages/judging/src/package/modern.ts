import type { ConfigMap } from "./config.ts";
import { licenses, readNames } from "./legacy.ts";
import type { ProblemYaml } from "./legacy.ts";
import { readLimits } from "./limits.ts";
import type { StatedTime } from "./limits.ts";
import type { Findings } from "./findings.ts";

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

const features: Readonly<Record<string, string>> = {
  "multi-pass": "a multi-pass problem",
  interactive: "an interactive problem",
  "submit-answer": "a submit-answer problem",
};

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

  for (const type of yaml.strings("type", { words: true }) ?? ["pass-fail"]) {
    if (!knownTypes.includes(type)) yaml.invalid("type", `"${type}" is none of ${knownTypes.join(", ")}`);
    else if (type !== "pass-fail") {
      findings.unsupported(yaml.file, yaml.lineOf("type"), features[type] ?? type);
    }
  }
  if (yaml.has("constants") && (yaml.map("constants")?.keys.length ?? 0) > 0) {
    findings.unsupported(yaml.file, yaml.lineOf("constants"), "substitution of constants");
  }

  const license = yaml.string("license") ?? "unknown";
  if (!licenses.includes(license)) yaml.invalid("license", `must be one of ${licenses.join(", ")}`);

  const limits = yaml.map("limits");
  limits?.rejectUnknown(knownLimits, "invalid");

  const languages = yaml.has("languages") ? yaml.strings("languages", { words: true }) : null;
  const name = yaml.isMap("name") ? null : yaml.string("name");
  return {
    names: name === null ? readNames(yaml) : { en: name },
    uuid: yaml.string("uuid"),
    license,
    limits: readLimits(limits, statedTime, yaml.boolean("allow_file_writing") ?? false, findings),
    languages: languages === null || languages.includes("all") ? "all" : languages,
    validatorFlags: [],
  };
};
