import { describe, expect, test } from "vitest";
import { compareOutput } from "./default.ts";
import { parseValidatorFlags } from "./flags.ts";
import type { ValidatorFlags } from "./flags.ts";

const flagsOf = (text: string): ValidatorFlags => {
  const flags = parseValidatorFlags(text.split(" ").filter((word) => word !== ""));
  if (typeof flags === "string") throw new Error(flags);
  return flags;
};
const compare = (answer: string, output: string, flags = "") =>
  compareOutput(Buffer.from(answer, "latin1"), Buffer.from(output, "latin1"), flagsOf(flags));

describe("accepted", () => {
  test.each([
    ["", "", ""],
    ["", " \n\t", ""],
    ["1 2\n3\n", "1 2\n3\n", ""],
    ["1 2\n3\n", "1\n\n2 \t3", ""],
    ["1 2\n3\n", "\v\f\r 1 2 3\r\n", ""],
    ["Yes No", "yes NO", ""],
    ["Yes", "Yes", "case_sensitive"],
    ["a  b\n", "A  B\n", "space_change_sensitive"],
    ["1.0", "1.000001", "float_tolerance 1e-5"],
    ["0.5", ".5", "float_absolute_tolerance 0"],
    ["5.", "5", "float_absolute_tolerance 0"],
    ["1e3", "+1000", "float_absolute_tolerance 0"],
    ["1000000", "1000001", "float_relative_tolerance 1e-6"],
    ["-0", "0", "float_absolute_tolerance 0"],
    ["0", "1e-9", "float_absolute_tolerance 1e-6 float_relative_tolerance 0"],
    ["nan Inf 0x10", "NaN inf 0X10", "float_tolerance 1"],
    ["1e999", "1e999", "float_tolerance 1e-6"],
    ["-3.0", "-3.0000029", "float_tolerance 1e-6"],
    ["9007199254740993", "+9007199254740992", "float_absolute_tolerance 1"],
    ["9".repeat(400), "0".repeat(9) + "9".repeat(400), "float_tolerance 0"],
    ["x\0y", "X\0Y", ""],
  ])("%j accepts %j with %j", (answer, output, flags) => {
    expect(compare(answer, output, flags)).toEqual({ accepted: true });
  });
});

describe("rejected", () => {
  test.each([
    ["Yes", "yes", "case_sensitive", /got "yes", expected "Yes"/],
    ["1 2 3", "1 2", "", /ends after 2 tokens, expected "3"/],
    ["1 2", "1 2 3", "", /goes on with "3" after all 2 tokens/],
    ["", "x", "", /after all 0 tokens/],
    ["x", "", "", /ends after 0 tokens/],
    ["a\nb c", "a\nb d", "", /line 2, token 3: got "d", expected "c"/],
    ["a b", "a\nb", "space_change_sensitive", /white space is "\\n", expected " "/],
    ["a\n", "a", "space_change_sensitive", /white space is "", expected "\\n"/],
    ["a", " a", "space_change_sensitive", /before token 1/],
    ["1.0", "1.1", "", /got "1.1"/],
    ["1", "1.0", "", /got "1.0"/],
    ["1.0", "1.1", "float_tolerance 1e-2", /absolute error 0.100, relative error 0.100/],
    ["0", "0.1", "float_relative_tolerance 0.5", /relative error undefined/],
    ["1", "nan", "float_tolerance 1e9", /expected the number "1"/],
    ["1", "inf", "float_tolerance 1e9", /expected the number/],
    ["1", "0x1", "float_tolerance 1", /expected the number/],
    ["1", "1,0", "float_tolerance 1", /expected the number/],
    ["1", ".", "float_tolerance 1", /expected the number/],
    ["1", "1e", "float_tolerance 1", /expected the number/],
    ["1e999", "2e999", "float_tolerance 1e-6", /got "2e999"/],
    ["1e999", "5", "float_tolerance 1e-6", /got "5"/],
    ["9".repeat(400), "5", "float_tolerance 1e-6", /got "5"/],
    ["9".repeat(400), "1" + "9".repeat(399), "float_relative_tolerance 1e-6", /got "199/],
    ["9007199254740993", "9007199254740992", "float_absolute_tolerance 1e-6", /absolute error 1.00/],
    ["-3", "3", "float_relative_tolerance 1", /relative error 2.00/],
    ["nan", "1", "float_tolerance 1", /got "1", expected "nan"/],
    // Only ASCII letters have two cases, and nothing beyond the set of white space separates.
    ["\xc4", "\xe4", "", /got/],
    ["a b", "a\xa0b", "", /got/],
    ["a b", "a\0b", "", /got "a\\x00b"/],
    ["[", "{", "", /got/],
    ["@", "`", "", /got/],
  ])("%j rejects %j with %j", (answer, output, flags, message) => {
    const result = compare(answer, output, flags);
    expect(result).toMatchObject({ accepted: false, judgeMessage: expect.stringMatching(message) });
  });
});

test("the public message holds nothing of the answer", () => {
  const secret = "hidden-answer";
  for (const output of ["wrong", "", `${secret} more`, "1", "x\n\ny"]) {
    for (const flags of ["", "space_change_sensitive", "float_tolerance 1"]) {
      for (const answer of [secret, `${secret} 12345`, " 98765 "]) {
        const result = compare(answer, output, flags);
        if (result.accepted) continue;
        expect(result.publicMessage).not.toMatch(/hidden|12345|98765/);
      }
    }
  }
});

test("what it shows is short and printable, whatever a program writes", () => {
  const result = compare("x", `\u001b[2J${"y".repeat(5000)}`);
  expect(result).toMatchObject({ judgeMessage: expect.stringMatching(/"\\x1b\[2Jy{36}…" \(5004 bytes\)/) });
});

const spaces = (text: string): string[] => text.split(/[^ \f\n\r\t\v]+/);
const lower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/** In whole numbers, which hold all numbers of this test exactly. */
const millionths = (value: number): number => Math.round(value * 1e6);

/** The same rules again, as slow and as plain as they can be said. */
const reference = (answer: string, output: string, flags: ValidatorFlags): boolean => {
  const space = /[ \f\n\r\t\v]+/;
  const split = (text: string): string[] => text.split(space).filter((token) => token !== "");
  if (flags.spaceChangeSensitive && spaces(answer).join("|") !== spaces(output).join("|")) return false;
  const expected = split(answer);
  const got = split(output);
  if (expected.length !== got.length) return false;
  const number = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
  return expected.every((token, at) => {
    const other = got[at] ?? "";
    if (flags.caseSensitive ? token === other : lower(token) === lower(other)) return true;
    const absolute = flags.floatAbsoluteTolerance;
    const relative = flags.floatRelativeTolerance;
    if ((absolute === null && relative === null) || !number.test(token) || !number.test(other)) return false;
    const error = Math.abs(millionths(Number(other)) - millionths(Number(token)));
    return (
      (absolute !== null && error <= millionths(absolute)) ||
      (relative !== null && error * 1e6 <= millionths(relative) * Math.abs(millionths(Number(token))))
    );
  });
};

/** Deterministic pseudo-random numbers: a failure must come again. */
const randomBelow = (seed: number): ((limit: number) => number) => {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
};

test("agrees with the slow reference on random texts", () => {
  const random = randomBelow(7);
  const pieces = [
    "a",
    "A",
    "b",
    "1",
    "1.0",
    "0.999",
    "-1",
    ".",
    "1e0",
    "+",
    " ",
    "  ",
    "\n",
    "\t",
    "\r\n",
    "\0",
    "\xe4",
  ];
  const flagSets = [
    "",
    "case_sensitive",
    "space_change_sensitive",
    "case_sensitive space_change_sensitive",
    "float_tolerance 0.01",
    "float_absolute_tolerance 0 case_sensitive",
    "float_relative_tolerance 2 space_change_sensitive",
  ].map(flagsOf);
  const text = (): string => Array.from({ length: random(7) }, () => pieces[random(pieces.length)]).join("");
  let accepted = 0;
  for (let round = 0; round < 40_000; round++) {
    const answer = text();
    // Half of the outputs are near the answer, or hardly any would be accepted.
    const output = random(2) === 0 ? text() : answer.replace(/ |1|a/, pieces[random(pieces.length)] ?? "");
    const flags = flagSets[random(flagSets.length)] ?? flagsOf("");
    const result = compareOutput(Buffer.from(answer, "latin1"), Buffer.from(output, "latin1"), flags);
    if (result.accepted) accepted++;
    if (result.accepted !== reference(answer, output, flags)) {
      throw new Error(`disagrees on ${JSON.stringify({ answer, output, flags })}`);
    }
  }
  expect(accepted).toBeGreaterThan(1000);
});

test("goes through outputs of many MiB", () => {
  const line = `${"word ".repeat(20)}\n`;
  const answer = Buffer.from(line.repeat(100_000));
  const output = Buffer.from(line.replaceAll(" ", "  ").repeat(100_000));
  expect(compareOutput(answer, output, flagsOf(""))).toEqual({ accepted: true });
  expect(compareOutput(answer, output.subarray(0, output.length - 4), flagsOf(""))).toMatchObject({
    accepted: false,
  });
  expect(
    compareOutput(Buffer.from("1"), Buffer.alloc(8 << 20, 0x39), flagsOf("float_tolerance 1")),
  ).toMatchObject({
    accepted: false,
  });
});
