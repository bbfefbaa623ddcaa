import type { ConfigMap } from "./config.ts";
import { checkFlags, noArgs, readValidatorArgs } from "./case-settings.ts";
import type { CaseSettings, DataRules } from "./case-settings.ts";
import type { FormatVersion, LegacyRule, PackageProgram } from "./types.ts";

/** What a legacy group hands down to what is in it. */
export interface LegacyInherited {
  readonly rule: LegacyRule;
  readonly settings: CaseSettings;
}

export const legacyDefaults: LegacyInherited = {
  rule: {
    generation: "legacy",
    onReject: "break",
    grader: null,
    graderFlags: [],
    acceptScore: 1,
    rejectScore: 0,
    range: [-Infinity, Infinity],
  },
  settings: { args: [], output: noArgs, input: noArgs, fullFeedback: false },
};

export interface LegacyRules extends DataRules {
  readonly version: FormatVersion;
  readonly scoring: boolean;
  /** The program of graders/. */
  readonly grader: PackageProgram | null;
}

const knownKeys = [
  "on_reject",
  "grading",
  "grader_flags",
  "input_validator_flags",
  "output_validator_flags",
  "accept_score",
  "reject_score",
  "range",
];
const scoreKeys = ["accept_score", "reject_score", "range"];
const defaultGraderFlags = [
  "worst_error",
  "first_error",
  "always_accept",
  "sum",
  "avg",
  "min",
  "max",
  "ignore_sample",
  "accept_if_any_accepted",
];

/** testdata.yaml: what it leaves out is as in the directory around it. */
export const readLegacyGroup = (
  config: ConfigMap,
  inherited: LegacyInherited,
  rules: LegacyRules,
): LegacyInherited => {
  config.rejectUnknown(knownKeys, "warning");
  const { rule, settings } = inherited;
  if (rules.version === "legacy-icpc") {
    for (const key of ["grading", "grader_flags", ...scoreKeys]) {
      if (config.has(key)) config.invalid(key, "is not part of legacy-icpc");
    }
  } else if (!rules.scoring) {
    for (const key of scoreKeys) {
      if (config.has(key)) config.warn(key, "is ignored: the type is not scoring");
    }
  }
  const onReject = config.string("on_reject") ?? rule.onReject;
  if (onReject !== "break" && onReject !== "continue") {
    config.invalid("on_reject", "must be break or continue");
  }
  const grader = readGrader(config, rule.grader, rules);
  const graderFlags = config.has("grader_flags")
    ? (config.strings("grader_flags", { words: true }) ?? [])
    : rule.graderFlags;
  const unknown = graderFlags.find((flag) => !defaultGraderFlags.includes(flag));
  if (grader === null && unknown !== undefined && config.has("grader_flags")) {
    config.invalid("grader_flags", `: "${unknown.slice(0, 40)}" is no flag of the default grader`);
  }
  const output = readValidatorArgs(config, "output_validator_flags", { words: true, named: true });
  checkFlags(config, "output_validator_flags", output, rules);
  return {
    rule: {
      generation: "legacy",
      onReject: onReject === "continue" ? "continue" : "break",
      grader,
      graderFlags,
      acceptScore: readScore(config, "accept_score") ?? rule.acceptScore,
      rejectScore: readScore(config, "reject_score") ?? rule.rejectScore,
      range: readRange(config) ?? rule.range,
    },
    settings: {
      ...settings,
      output: output ?? settings.output,
      input:
        readValidatorArgs(config, "input_validator_flags", { words: true, named: true }) ?? settings.input,
    },
  };
};

const readGrader = (
  config: ConfigMap,
  inherited: PackageProgram | null,
  rules: LegacyRules,
): PackageProgram | null => {
  if (!config.has("grading")) return inherited;
  const grading = config.string("grading");
  if (grading === "default") return null;
  if (grading !== "custom") config.invalid("grading", "must be default or custom");
  else if (rules.grader === null) config.invalid("grading", "is custom, but graders/ holds no grader");
  return grading === "custom" ? rules.grader : null;
};

const infinite = /^([+-]?)inf(?:inity)?$/iu;

/** A number as people write it in testdata.yaml, or NaN. */
const asNumber = (text: string): number => {
  const sign = infinite.exec(text)?.[1];
  if (sign !== undefined) return sign === "-" ? -Infinity : Infinity;
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/iu.test(text) ? Number(text) : Number.NaN;
};

const readScore = (config: ConfigMap, key: string): number | null => {
  const text = config.string(key);
  if (text === null) return null;
  const value = asNumber(text.trim());
  if (Number.isFinite(value)) return value;
  config.invalid(key, "must be a number");
  return null;
};

const readRange = (config: ConfigMap): readonly [number, number] | null => {
  const text = config.string("range");
  if (text === null) return null;
  const [low, high, ...more] = text.trim().split(/\s+/u).map(asNumber);
  if (low === undefined || high === undefined || more.length > 0 || !(low <= high)) {
    config.invalid("range", 'must be two numbers, the smaller one first, for example "0 100" or "-inf +inf"');
    return null;
  }
  return [low, high];
};
