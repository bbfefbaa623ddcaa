import type { ConfigMap } from "./config.ts";
import { checkArguments, checkFlags, noArgs, readValidatorArgs } from "./case-settings.ts";
import type { CaseSettings, DataRules } from "./case-settings.ts";
import type { Findings } from "./findings.ts";
import { compareNames } from "./names.ts";
import type { ModernRule, TestGroup } from "./types.ts";

export const modernDefaults: CaseSettings = { args: [], output: noArgs, input: noArgs, fullFeedback: false };

export interface ModernRules extends DataRules {
  readonly scoring: boolean;
  readonly staticValidator: boolean;
}

const sharedKeys = [
  "args",
  "input_validator_args",
  "output_validator_args",
  "input_visualizer_args",
  "output_visualizer_args",
  "full_feedback",
];
const scoringKeys = ["max_score", "score_aggregation", "require_pass"];

/** Where a test_group.yaml stands: it means more in some places than in others. */
export type GroupPlace = "sample" | "secret" | "group" | "example";

/** The settings of tests that test_group.yaml, or the `.yaml` of one test, states. */
export const readCaseSettings = (
  config: ConfigMap,
  inherited: CaseSettings,
  rules: DataRules,
): CaseSettings => {
  const output = readValidatorArgs(config, "output_validator_args", { words: false, named: false });
  checkFlags(config, "output_validator_args", output, rules);
  const args = config.strings("args", { words: false });
  if (args !== null) checkArguments(config, "args", args);
  for (const key of ["input_visualizer_args", "output_visualizer_args"]) {
    config.strings(key, { words: false });
  }
  // The nearest list of arguments holds, as a whole.
  return {
    args: args ?? inherited.args,
    output: output ?? inherited.output,
    input:
      readValidatorArgs(config, "input_validator_args", { words: false, named: true }) ?? inherited.input,
    fullFeedback: config.boolean("full_feedback") ?? inherited.fullFeedback,
  };
};

/** Hint and description of the `.yaml` of one test, whose settings readCaseSettings reads. */
export const readCaseTexts = (
  config: ConfigMap,
): { readonly hint: string | null; readonly description: string | null } => {
  config.rejectUnknown([...sharedKeys, "hint", "description"], "invalid");
  return { hint: config.string("hint"), description: config.string("description") };
};

/** Keys of test_group.yaml beside data/invalid_input and the like. */
export const rejectUnknownExampleKeys = (config: ConfigMap): void =>
  config.rejectUnknown([...sharedKeys, "hint", "description"], "invalid");

/** How a group that states nothing makes one result of those in it. */
export const defaultModernRule = (place: GroupPlace, scoring: boolean): ModernRule => ({
  generation: "2025-09",
  maxScore: scoring && place === "secret" ? 100 : null,
  aggregation: scoring && place === "secret" ? "sum" : "pass-fail",
  requirePass: [],
  staticValidationScore: null,
  staticValidatorArgs: [],
});

/** The scoring of test_group.yaml. */
export const readModernRule = (config: ConfigMap, place: GroupPlace, rules: ModernRules): ModernRule => {
  config.rejectUnknown(
    [...sharedKeys, ...scoringKeys, "static_validation_score", "static_validator_args"],
    "invalid",
  );
  const fallback = defaultModernRule(place, rules.scoring);
  let allowed = true;
  for (const key of scoringKeys.filter((each) => config.has(each))) {
    if (!rules.scoring) config.invalid(key, "is only for problems of type scoring");
    else if (place === "sample") config.invalid(key, "can't be in data/sample");
    else continue;
    allowed = false;
  }
  const staticValidationScore = readStaticScore(config, rules);
  const staticValidatorArgs = config.strings("static_validator_args", { words: false }) ?? [];
  checkArguments(config, "static_validator_args", staticValidatorArgs);
  if (config.has("static_validator_args") && staticValidationScore === null) {
    config.invalid("static_validator_args", "needs a static_validation_score");
  }
  if (!allowed) return { ...fallback, staticValidationScore, staticValidatorArgs };

  const aggregation = config.string("score_aggregation") ?? fallback.aggregation;
  if (aggregation !== "pass-fail" && aggregation !== "sum" && aggregation !== "min") {
    config.invalid("score_aggregation", "must be pass-fail, sum or min");
  }
  const rule: ModernRule = {
    ...fallback,
    maxScore: readMaxScore(config, fallback.maxScore),
    aggregation: aggregation === "sum" || aggregation === "min" ? aggregation : "pass-fail",
    requirePass: config.has("require_pass")
      ? config.isList("require_pass")
        ? (config.strings("require_pass", { words: false }) ?? [])
        : [config.string("require_pass") ?? ""]
      : [],
    staticValidationScore,
    staticValidatorArgs,
  };
  checkStaticScore(config, rule, rules.scoring);
  return rule;
};

const readMaxScore = (config: ConfigMap, fallback: number | null): number | null => {
  if (!config.has("max_score")) return fallback;
  if (!config.isNumber("max_score") && config.string("max_score") === "unbounded") return null;
  if (config.isNumber("max_score")) return config.number("max_score", { min: 0, integer: true });
  config.invalid("max_score", "must be a whole number, or unbounded");
  return null;
};

const readStaticScore = (config: ConfigMap, rules: ModernRules): number | "pass-fail" | null => {
  const key = "static_validation_score";
  if (!config.has(key)) return null;
  if (!rules.staticValidator) config.invalid(key, "needs a static_validator/");
  if (config.isNumber(key)) return config.number(key, { min: 0, integer: true });
  if (config.string(key) === "pass-fail") return "pass-fail";
  config.invalid(key, "must be a whole number, or pass-fail");
  return null;
};

const checkStaticScore = (config: ConfigMap, rule: ModernRule, scoring: boolean): void => {
  const { staticValidationScore: score, aggregation, maxScore } = rule;
  const key = "static_validation_score";
  if (score === null) return;
  if (typeof score === "number" && !scoring) {
    config.invalid(key, "must be pass-fail: the problem is not of type scoring");
  } else if (typeof score === "number" && aggregation === "pass-fail") {
    config.invalid(key, "must be pass-fail: so is the group's score_aggregation");
  } else if (score === "pass-fail" && aggregation !== "pass-fail") {
    config.invalid(key, `must be a number: the group's score_aggregation is ${aggregation}`);
  } else if (typeof score === "number" && maxScore !== null && score > maxScore) {
    config.invalid(key, `is more than the group's max_score of ${maxScore}`);
  }
};

/** A group that was read, with where its settings stand. */
export interface ReadGroup {
  readonly group: TestGroup;
  readonly rule: ModernRule;
  readonly config: ConfigMap | null;
}

/** What only all groups together can break; `sample` is null where there is none. `groups` are those of data/secret, in order. */
export const checkScoring = (
  sample: ReadGroup | null,
  secret: ReadGroup,
  groups: readonly ReadGroup[],
  findings: Findings,
): void => {
  const report = (group: ReadGroup, key: string, message: string): void => {
    const where = group.config?.file ?? `data/${group.group.name}`;
    findings.invalid(where, group.config?.lineOf(key) ?? null, message);
  };
  const { rule } = secret;
  if (rule.aggregation === "pass-fail" && rule.maxScore === null) {
    report(secret, "max_score", "max_score can't be unbounded where score_aggregation is pass-fail");
  }
  for (const each of groups) {
    if (rule.aggregation === "pass-fail") {
      if (each.rule.aggregation !== "pass-fail") {
        report(each, "score_aggregation", "score_aggregation must be pass-fail: that of data/secret is");
      }
      continue;
    }
    if (each.rule.maxScore !== null) continue;
    if (rule.maxScore !== null) {
      report(each, "max_score", "max_score must be stated: that of data/secret is bounded");
    } else if (each.rule.aggregation === "pass-fail") {
      report(each, "max_score", "max_score must be stated where score_aggregation is pass-fail");
    }
  }
  const all = [secret, ...groups];
  for (const each of all) checkRequired(each, sample, each === secret ? [] : groups, report);
  if (rule.aggregation !== "sum" || rule.maxScore === null || groups.length === 0) return;
  const sum = groups.reduce((total, each) => total + (each.rule.maxScore ?? 0), 0);
  if (sum !== rule.maxScore) {
    findings.warn(
      secret.config?.file ?? "data/secret",
      secret.config?.lineOf("max_score") ?? null,
      `max_score is ${rule.maxScore}, but its groups give ${sum} together`,
    );
  }
};

const checkRequired = (
  each: ReadGroup,
  sample: ReadGroup | null,
  groups: readonly ReadGroup[],
  report: (group: ReadGroup, key: string, message: string) => void,
): void => {
  for (const name of each.rule.requirePass) {
    if (name === "sample" && sample !== null) continue;
    const other = groups.find(({ group }) => group.name === name);
    const shown = `require_pass names "${name.slice(0, 100)}"`;
    if (each.group.name === "secret" && name !== "sample") {
      report(each, "require_pass", `${shown}, but data/secret can only require sample`);
    } else if (other === undefined) report(each, "require_pass", `${shown}, which is no group`);
    else if (compareNames(other.group.name, each.group.name) >= 0) {
      report(each, "require_pass", `${shown}, which is not before this group`);
    } else if (other.rule.aggregation !== "pass-fail") {
      report(each, "require_pass", `${shown}, whose score_aggregation is not pass-fail`);
    }
  }
};
