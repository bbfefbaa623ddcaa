import { describe, expect, test } from "vitest";
import { defaultValidatorFlags, parseValidatorFlags } from "./flags.ts";

describe("parseValidatorFlags", () => {
  test("knows every flag", () => {
    expect(parseValidatorFlags([])).toEqual(defaultValidatorFlags);
    expect(parseValidatorFlags(["case_sensitive", "space_change_sensitive"])).toEqual({
      ...defaultValidatorFlags,
      caseSensitive: true,
      spaceChangeSensitive: true,
    });
    expect(parseValidatorFlags(["float_tolerance", "1e-6"])).toEqual({
      ...defaultValidatorFlags,
      floatAbsoluteTolerance: 1e-6,
      floatRelativeTolerance: 1e-6,
    });
    expect(
      parseValidatorFlags(["float_absolute_tolerance", "0.5", "float_relative_tolerance", ".25"]),
    ).toEqual({ ...defaultValidatorFlags, floatAbsoluteTolerance: 0.5, floatRelativeTolerance: 0.25 });
  });

  test.each([
    [["float_tolerance"], /needs a number/],
    [["float_tolerance", "abc"], /needs a number/],
    [["float_tolerance", "0x1"], /needs a number/],
    [["float_tolerance", "inf"], /needs a number/],
    [["float_tolerance", "-1"], /at least 0/],
    [["float_tolerance", "1e999"], /finite/],
    [["float_tolerance", "1", "float_tolerance", "1"], /stated already/],
    [["float_tolerance", "1", "float_absolute_tolerance", "1"], /stated already/],
    [["float_relative_tolerance", "1", "float_tolerance", "1"], /stated already/],
    [["Case_Sensitive"], /no flag/],
    [["1e-6"], /no flag/],
  ])("refuses %j", (words, message) => {
    expect(parseValidatorFlags(words)).toMatch(message);
  });
});
