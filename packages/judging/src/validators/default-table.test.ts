import { describe, expect, test } from "vitest";
import { compareOutput } from "./default.ts";
import { parseValidatorFlags } from "./flags.ts";

/** The columns of the table. */
const columns = [
  "",
  "case_sensitive",
  "space_change_sensitive",
  "float_absolute_tolerance 0.01",
  "float_relative_tolerance 0.01",
  "float_tolerance 0.01",
  "case_sensitive space_change_sensitive float_absolute_tolerance 0.01",
] as const;

/** Answer, output, and for each column whether it is accepted (A) or rejected (R), worked out by hand. */
const table: readonly (readonly [string, string, string])[] = [
  // Words
  ["a", "a", "AAAAAAA"],
  ["a", "A", "ARAAAAR"],
  ["A", "a", "ARAAAAR"],
  ["a", "b", "RRRRRRR"],
  ["ab", "a b", "RRRRRRR"],
  ["a b", "ab", "RRRRRRR"],
  ["a", "a a", "RRRRRRR"],
  ["a a", "a", "RRRRRRR"],
  ["", "", "AAAAAAA"],
  ["", "x", "RRRRRRR"],
  ["x", "", "RRRRRRR"],
  ["Yes", "yes ", "ARRAAAR"],
  // Bytes that are no ASCII letters have one case
  ["\xc4", "\xe4", "RRRRRRR"],
  ["\xc3\xa4", "\xc3\x84", "RRRRRRR"],
  ["[", "{", "RRRRRRR"],
  ["@", "`", "RRRRRRR"],
  // Bytes that are no text
  ["\xff\xfe", "\xff\xfe", "AAAAAAA"],
  ["\xff", "\xfe", "RRRRRRR"],
  ["a\0b", "A\0B", "ARAAAAR"],
  ["a\0b", "a b", "RRRRRRR"],
  ["a", "a\0", "RRRRRRR"],
  ["\xef\xbb\xbfa", "a", "RRRRRRR"],
  // White space: six bytes, and no others
  ["a\n", "a", "AARAAAR"],
  ["a", " a", "AARAAAR"],
  ["a b", "a  b", "AARAAAR"],
  ["a b", "a\tb", "AARAAAR"],
  ["a b", "a\nb", "AARAAAR"],
  ["a b", "a\rb", "AARAAAR"],
  ["a\vb", "a\fb", "AARAAAR"],
  ["a\r\n", "a\n", "AARAAAR"],
  ["\n\na", "a", "AARAAAR"],
  ["", " \n", "AARAAAR"],
  ["1 2 3", "1 2 3\n\n", "AARAAAR"],
  ["a\xa0b", "a b", "RRRRRRR"],
  ["a\x85b", "a b", "RRRRRRR"],
  ["a\x1cb", "a b", "RRRRRRR"],
  // Other ways to write the same number
  ["1", "1", "AAAAAAA"],
  ["1", "1.0", "RRRAAAA"],
  ["1", "01", "RRRAAAA"],
  ["1", "+1", "RRRAAAA"],
  ["+1", "1", "RRRAAAA"],
  ["1", "1.", "RRRAAAA"],
  ["0.5", ".5", "RRRAAAA"],
  ["1", "1e0", "RRRAAAA"],
  ["1", "1E+0", "RRRAAAA"],
  ["1", "10e-1", "RRRAAAA"],
  ["1e2", "100", "RRRAAAA"],
  ["1E2", "1e2", "ARAAAAA"],
  ["00", "0", "RRRAAAA"],
  ["0", "-0", "RRRAAAA"],
  ["-0", "0.0", "RRRAAAA"],
  ["0", "0e999999999999", "RRRAAAA"],
  // Near
  ["1", "1.01", "RRRAAAA"],
  ["1", "0.99", "RRRAAAA"],
  ["1", "1.011", "RRRRRRR"],
  ["1", "1.0100000000000000000000000001", "RRRRRRR"],
  ["1", "1.0099999999999999999999999999", "RRRAAAA"],
  ["0.3", "0.31", "RRRARAA"],
  ["100", "101", "RRRRAAR"],
  ["100", "99", "RRRRAAR"],
  ["100", "101.5", "RRRRRRR"],
  ["-100", "-101", "RRRRAAR"],
  ["-1", "1", "RRRRRRR"],
  ["0.001", "0.005", "RRRARAA"],
  ["-0.001", "0.001", "RRRARAA"],
  ["0", "0.01", "RRRARAA"],
  ["0", "0.011", "RRRRRRR"],
  // More digits than a double has
  ["9007199254740993", "9007199254740992", "RRRRAAR"],
  ["123456789012345678901234567890", "123456789012345678901234567891", "RRRRAAR"],
  ["0.1", "0.100000000000000005551115123125782702", "RRRAAAA"],
  ["5", "5.0000000000000000000000000000001", "RRRAAAA"],
  ["1e400", "1e400", "AAAAAAA"],
  ["1e400", "10e399", "RRRAAAA"],
  ["1e400", "1.005e400", "RRRRAAR"],
  ["1e400", "2e400", "RRRRRRR"],
  ["1e400", "1", "RRRRRRR"],
  ["1", "1e400", "RRRRRRR"],
  // No numbers
  ["1", "1,0", "RRRRRRR"],
  ["1", "1.0.0", "RRRRRRR"],
  ["1", ".", "RRRRRRR"],
  ["1", "-", "RRRRRRR"],
  ["1", "--1", "RRRRRRR"],
  ["1", "1e", "RRRRRRR"],
  ["1", "1e+", "RRRRRRR"],
  ["1", "e1", "RRRRRRR"],
  ["1", "1e1.0", "RRRRRRR"],
  ["1", "0x1", "RRRRRRR"],
  ["1", "1f", "RRRRRRR"],
  ["1", "1_0", "RRRRRRR"],
  ["1", "\xef\xbc\x91", "RRRRRRR"],
  ["1", "nan", "RRRRRRR"],
  ["1", "inf", "RRRRRRR"],
  // Answers that are no numbers are words
  ["0x10", "0X10", "ARAAAAR"],
  ["0x10", "16", "RRRRRRR"],
  ["nan", "NaN", "ARAAAAR"],
  ["Infinity", "infinity", "ARAAAAR"],
  ["inf", "Infinity", "RRRRRRR"],
  ["inf", "1", "RRRRRRR"],
  ["1.0.0", "1.00.0", "RRRRRRR"],
  // Numbers and words
  ["1 2", "1.0  2.0", "RRRAAAR"],
  ["1 a", "1.0 A", "RRRAAAR"],
  ["a 1", "A 1.001", "RRRAAAR"],
  ["x1", "x1.0", "RRRRRRR"],
];

/** Behind so much that is equal that it is passed over, and before more of it. */
const around = (text: string): Buffer => Buffer.from(`${"w ".repeat(40_000)}\n${text}\nend`, "latin1");

describe.each(columns.map((flags, column) => ({ flags, column })))("with %j", ({ flags, column }) => {
  const parsed = parseValidatorFlags(flags.split(" ").filter((word) => word !== ""));
  if (typeof parsed === "string") throw new Error(parsed);

  test.each(table)("%j and %j", (answer, output, verdicts) => {
    const [a, o] = [Buffer.from(answer, "latin1"), Buffer.from(output, "latin1")];
    expect(compareOutput(a, o, parsed).accepted).toBe(verdicts[column] === "A");
    expect(compareOutput(around(answer), around(output), parsed).accepted).toBe(verdicts[column] === "A");
  });
});

test("there are hundreds of rows, and each has a verdict in every column", () => {
  expect(table.length * columns.length).toBeGreaterThan(600);
  for (const [, , verdicts] of table) expect(verdicts).toMatch(/^[AR]{7}$/);
});
