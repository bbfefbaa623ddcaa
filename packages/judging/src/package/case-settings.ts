import { defaultValidatorFlags, parseValidatorFlags } from "../validators/flags.ts";
import type { ConfigMap } from "./config.ts";
import type { NamedArgs, TestCase } from "./types.ts";

/** Arguments for each validator of a kind: the same for all, or by name. */
export type ValidatorArgs =
  | { readonly by: "all"; readonly args: readonly string[] }
  | { readonly by: "name"; readonly args: Readonly<Record<string, readonly string[]>> };

/** What a test gets from itself and the groups around it. */
export interface CaseSettings {
  readonly args: readonly string[];
  readonly output: ValidatorArgs;
  readonly input: ValidatorArgs;
  readonly fullFeedback: boolean;
}

export const noArgs: ValidatorArgs = { by: "all", args: [] };

/** What is known of the whole package while test data is read. */
export interface DataRules {
  /** Flags of problem.yaml: they come before those of any group. */
  readonly baseFlags: readonly string[];
  /** Whether a program of the package checks outputs: then its arguments are its own affair. */
  readonly customValidator: boolean;
}

/** The part of a test that follows from its settings. */
export const fromSettings = (
  settings: CaseSettings,
  rules: DataRules,
): Pick<
  TestCase,
  "args" | "validatorArgs" | "inputValidatorArgs" | "namedArgs" | "comparator" | "fullFeedback"
> => {
  const { output, input } = settings;
  const validatorArgs = [...rules.baseFlags, ...(output.by === "all" ? output.args : [])];
  const flags = rules.customValidator ? defaultValidatorFlags : parseValidatorFlags(validatorArgs);
  const namedArgs: NamedArgs | null =
    output.by === "name" || input.by === "name"
      ? {
          output: output.by === "name" ? output.args : null,
          input: input.by === "name" ? input.args : null,
        }
      : null;
  return {
    args: settings.args,
    validatorArgs,
    inputValidatorArgs: input.by === "all" ? input.args : [],
    namedArgs,
    // Wrong flags are reported where they stand, once; not at each test.
    comparator: { kind: "default", flags: typeof flags === "string" ? defaultValidatorFlags : flags },
    fullFeedback: settings.fullFeedback,
  };
};

/** Arguments under `key`, as a list (2025-09) or as words (legacy), or by the name of the validator. */
export const readValidatorArgs = (
  config: ConfigMap,
  key: string,
  { words, named }: { readonly words: boolean; readonly named: boolean },
): ValidatorArgs | null => {
  if (!config.has(key)) return null;
  if (named && config.isMap(key)) {
    const map = config.map(key);
    if (words && map !== null && map.has("name") && map.has("flags")) return readNamedFlags(map);
    const args: Record<string, readonly string[]> = {};
    for (const name of map?.keys ?? []) {
      const list = map?.strings(name, { words }) ?? null;
      if (map === null || list === null) continue;
      checkArguments(map, name, list);
      args[name] = list;
    }
    return { by: "name", args };
  }
  const args = config.strings(key, { words });
  if (args === null) return null;
  checkArguments(config, key, args);
  return { by: "all", args };
};

/** `{name: …, flags: …}` of legacy packages: arguments for one validator, and none for the others. */
const readNamedFlags = (map: ConfigMap): ValidatorArgs => {
  map.rejectUnknown(["name", "flags"], "warning");
  const args = map.strings("flags", { words: true }) ?? [];
  checkArguments(map, "flags", args);
  return { by: "name", args: { [map.string("name") ?? ""]: args } };
};

/** Reports flags that the default output validator does not take. */
export const checkFlags = (
  config: ConfigMap,
  key: string,
  output: ValidatorArgs | null,
  rules: DataRules,
): void => {
  if (output === null || rules.customValidator) return;
  if (output.by === "name") {
    config.invalid(key, "names output validators, but the package has none of its own");
    return;
  }
  const flags = parseValidatorFlags([...rules.baseFlags, ...output.args]);
  if (typeof flags === "string") config.invalid(key, `: ${flags}`);
};

const maxArguments = 256;
const maxArgumentBytes = 4096;

/** What no program can be given would end every run before it starts. */
export const checkArguments = (config: ConfigMap, key: string, args: readonly string[]): void => {
  if (args.length > maxArguments) config.invalid(key, `holds more than ${maxArguments} arguments`);
  if (args.some((arg) => Buffer.byteLength(arg) > maxArgumentBytes))
    config.invalid(key, `holds an argument of more than ${maxArgumentBytes} bytes`);
};
