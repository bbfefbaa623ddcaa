/** Flags of the default output validator. Tolerances are non-negative; null = not asked for. */
export interface ValidatorFlags {
  readonly caseSensitive: boolean;
  readonly spaceChangeSensitive: boolean;
  readonly floatAbsoluteTolerance: number | null;
  readonly floatRelativeTolerance: number | null;
}

export const defaultValidatorFlags: ValidatorFlags = {
  caseSensitive: false,
  spaceChangeSensitive: false,
  floatAbsoluteTolerance: null,
  floatRelativeTolerance: null,
};

const decimal = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/u;

/**
 * Reads the words of `validator_flags`, `output_validator_flags` or `output_validator_args`.
 * Returns the flags, or a sentence that says what is wrong with them.
 */
export const parseValidatorFlags = (words: readonly string[]): ValidatorFlags | string => {
  let flags = defaultValidatorFlags;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    switch (word) {
      case "case_sensitive":
        flags = { ...flags, caseSensitive: true };
        break;
      case "space_change_sensitive":
        flags = { ...flags, spaceChangeSensitive: true };
        break;
      case "float_absolute_tolerance":
      case "float_relative_tolerance":
      case "float_tolerance": {
        at++;
        const value = words[at];
        if (value === undefined || !decimal.test(value)) return `${word} needs a number`;
        const tolerance = Number(value);
        if (tolerance < 0 || !Number.isFinite(tolerance))
          return `${word} must be a finite number, at least 0`;
        const absolute = word !== "float_relative_tolerance";
        const relative = word !== "float_absolute_tolerance";
        if (
          (absolute && flags.floatAbsoluteTolerance !== null) ||
          (relative && flags.floatRelativeTolerance !== null)
        ) {
          return `${word} states a tolerance that is stated already`;
        }
        if (absolute) flags = { ...flags, floatAbsoluteTolerance: tolerance };
        if (relative) flags = { ...flags, floatRelativeTolerance: tolerance };
        break;
      }
      default:
        return `"${word}" is no flag of the default output validator`;
    }
  }
  return flags;
};
