import { describe, expect, test } from "vitest";
import type { Comparator } from "../validators/comparator.ts";
import { compareBy } from "./compare.ts";
import { compareInWorker } from "./worker-pool.ts";

const flags = {
  caseSensitive: false,
  spaceChangeSensitive: false,
  floatAbsoluteTolerance: null,
  floatRelativeTolerance: null,
};
const json: Comparator = { kind: "json", absolute: null, relative: null };
const comparators: Readonly<Record<string, Comparator>> = {
  default: { kind: "default", flags },
  spaced: { kind: "default", flags: { ...flags, spaceChangeSensitive: true } },
  "spaced floats": {
    kind: "default",
    flags: { ...flags, spaceChangeSensitive: true, floatAbsoluteTolerance: 0.5 },
  },
  exact: { kind: "exact" },
  tokens: { kind: "tokens" },
  numbers: { kind: "numbers", absolute: null, relative: null },
  "numbers 0.1": { kind: "numbers", absolute: 0.1, relative: null },
  "numbers 1%": { kind: "numbers", absolute: null, relative: 0.01 },
  json,
  "json 0.1": { kind: "json", absolute: 0.1, relative: null },
  "json 1%": { kind: "json", absolute: null, relative: 0.01 },
  lines: { kind: "lines" },
  pattern: { kind: "pattern" },
};
const compare = (name: string, answer: string, output: string) =>
  compareBy(comparators[name] ?? json, Buffer.from(answer, "latin1"), Buffer.from(output, "latin1"));

describe("accepted", () => {
  test.each([
    ["default", "A b", "a  B"],
    ["spaced", "A b", "a b"],
    ["exact", "a\n", "a\n"],
    ["exact", "", ""],
    ["tokens", "A b\n", " A\nb"],
    ["numbers", "1 x 2.50", "1.0 x 25e-1"],
    ["numbers 0.1", "1 x", "1.1 x"],
    ["numbers 1%", "100 x", "99 x"],
    ["json", "1", " 1\n"],
    ["json", "1", "1.0"],
    ["json", "100", "1e2"],
    ["json", "-0", "0"],
    ["json", '{"a":1,"b":[2,null]}', '{ "b": [2, null], "a": 1 }'],
    ["json", '"\\u0041\\n"', '"A\\u000a"'],
    ["json", '"\\ud83d\\ude00"', '"\xf0\x9f\x98\x80"'],
    ["json", "[]", "[ ]"],
    ["json", "{}", "{\n}"],
    ["json", '{"__proto__":1}', '{"__proto__":1}'],
    ["json", '{"a":2}', '{"a":1,"a":2}'],
    ["json", "12345678901234567890", "12345678901234567890.0"],
    ["json 0.1", "[1,2]", "[1.1,1.9]"],
    ["json 1%", '{"x":100}', '{"x":101}'],
    ["lines", "a\nb\na\n", "a\na\nb"],
    ["lines", "a \nb", "b\r\na\t\n\n\n"],
    ["lines", "", "\n \n"],
    // An empty line in the middle counts like any other.
    ["lines", "a\n\nb", "\nb\na"],
    ["lines", "a\nb \n", "a\nb"],
    ["pattern", "[0-9]+\n", "123\n"],
    ["pattern", "a|b", "b"],
    ["pattern", "(?:x\\n?)+", "x\nx\nx\n"],
    ["pattern", "[äö]".replace("ä", "\xc3\xa4").replace("ö", "\xc3\xb6"), "\xc3\xb6"],
  ])("%s: %j and %j", async (name, answer, output) => {
    expect(await compare(name, answer, output)).toEqual({ accepted: true });
  });
});

describe("rejected, and whether for white space alone", () => {
  test.each<[string, string, string, boolean, RegExp]>([
    ["default", "a", "b", false, /got "b", expected "a"/],
    ["default", "a b", "ab", true, /got "ab"/],
    ["spaced", "A b", "a  B", true, /white space is "  "/],
    ["spaced", "A b", "a  c", false, /white space/],
    ["spaced floats", "1.0 2", "1.1  2.2", true, /white space/],
    ["spaced floats", "1.0 2", "1.1  4", false, /white space/],
    ["exact", "a\n", "a", true, /^line 1, byte 2: got the end, expected "\\n"$/],
    ["exact", "a\nbc", "a\nbd", false, /^line 2, byte 2: got "d", expected "c"$/],
    ["exact", "", "x", false, /^line 1, byte 1: got "x", expected the end$/],
    ["tokens", "A", "a", false, /got "a"/],
    ["tokens", "1", "1.0", false, /got "1.0"/],
    ["numbers", "1", "1.0000001", false, /absolute error 1.00e-7/],
    ["numbers", "X", "x", false, /got "x"/],
    ["numbers 0.1", "1", "1.11", false, /absolute error 0.110/],
    ["numbers 1%", "0", "0.0001", false, /relative error undefined/],
    ["json", "1", "2", false, /^\$: got 2, expected 1$/],
    ["json", "1", '"1"', false, /^\$: got "1", expected 1$/],
    ["json", "9007199254740993", "9007199254740992", false, /got 9007199254740992/],
    ["json", "1e400", "1e401", false, /got 1e401/],
    ["json", "[1,[2,3]]", "[1,[2,4]]", false, /^\$\[1\]\[1\]: got 4, expected 3$/],
    ["json", "[1]", "[1,2]", false, /got 2 items, expected 1/],
    ["json", '{"a":1}', '{"a":1,"b":2}', false, /^\$: got the key "b", which the answer has not$/],
    ["json", '{"a":{"b":1}}', '{"a":{}}', false, /^\$\.a: the key "b" is missing$/],
    ["json", '{"__proto__":1}', "{}", false, /the key "__proto__" is missing/],
    ["json", "null", "false", false, /got false, expected null/],
    ["json", "1", "", false, /no JSON: a value is missing at byte 0/],
    ["json", "1", "01", false, /this is no value at byte 0/],
    ["json", "1", "1 2", false, /something follows the value at byte 2/],
    ["json", "1", "NaN", false, /this is no value/],
    ["json", "[1]", "[1,]", false, /this is no value at byte 3/],
    ["json", '{"a":1}', "{'a':1}", false, /a key is missing at byte 1/],
    ["json", '"x"', '"x', false, /a string does not end/],
    ["json", '"x"', '"\n"', false, /a control character/],
    ["json", '"x"', '"\\q"', false, /an escape in a string is wrong/],
    ["json", "1", "\xef\xbb\xbf1", false, /this is no value at byte 0/],
    ["json 0.1", "[1]", "[1.2]", false, /^\$\[0\]: got 1.2, expected 1$/],
    ["lines", "a\nb", "a\nc", false, /^line 2: got "c", which is no line of the answer$/],
    ["lines", "a\nb", "a\na\nb", false, /^line 2: the answer has "a" less often$/],
    ["lines", "a\nb\nc", "a", false, /^2 lines of the answer missing, the first is "b"$/],
    ["lines", "a\n\nb", "a\nb", true, /^1 line of the answer missing, the first is ""$/],
    ["lines", "a\n\n\n\nb", "a\n\nb\nc", false, /^line 4: got "c"/],
    ["lines", "x\na b", "x\na  b", true, /^line 2: got "a  b"/],
    ["pattern", "[0-9]+", "12x", false, /^the output "12x" does not match "\[0-9\]\+"$/],
    ["pattern", "a", "b\na", false, /does not match/],
    ["pattern", "a", " a", false, /does not match/],
  ])("%s: %j and %j", async (name, answer, output, whitespaceOnly, message) => {
    expect(await compare(name, answer, output)).toEqual({
      accepted: false,
      judgeMessage: expect.stringMatching(message),
      publicMessage: expect.any(String),
      whitespaceOnly,
      brokenAnswer: false,
    });
  });
});

test.each([
  ["json", "{", /the answer is no JSON: a key is missing at byte 1/],
  ["pattern", "(", /the answer is no regular expression: .*[Uu]nterminated group/],
  ["pattern", "a)|(?:b", /the answer is no regular expression/],
])("an answer that is broken is the author's fault: %s %j", async (name, answer, message) => {
  expect(await compare(name, answer, "1")).toMatchObject({
    accepted: false,
    brokenAnswer: true,
    judgeMessage: expect.stringMatching(message),
    publicMessage: "the answer can't be compared with",
  });
});

test("what is for whoever submitted holds nothing of the answer", async () => {
  const secrets = ["hidden", "4711", '{"hidden":4711}', '[4711,"hidden"]', '{"a":{"hidden":1}}'];
  const outputs = ["", "x", "1", "[1]", "[1,2]", "{}", '{"a":1}', '{"a":{}}', "hidden 4712", "[4711,0]"];
  let rejections = 0;
  for (const name of Object.keys(comparators)) {
    for (const answer of secrets) {
      for (const output of outputs) {
        const result = await compare(name, answer, output);
        if (result.accepted) continue;
        rejections++;
        // It may quote the output, so only what the output has not said itself counts.
        const secret = ["hidden", "4711"].filter((word) => !output.includes(word));
        expect(secret.filter((word) => result.publicMessage.includes(word))).toEqual([]);
      }
    }
  }
  expect(rejections).toBeGreaterThan(500);
});

describe("hostile outputs", () => {
  test("a pattern that tries again and again ends at its deadline, and the next one runs", async () => {
    const slow = compareInWorker(
      { kind: "pattern" },
      Buffer.from("(a+)+b"),
      Buffer.from("a".repeat(50)),
      300,
    );
    expect(await slow).toMatchObject({
      accepted: false,
      brokenAnswer: true,
      judgeMessage: expect.stringMatching(/it takes longer than 0.3 s/),
    });
    expect(await compare("pattern", "a+", "aaa")).toEqual({ accepted: true });
  });

  test("a million brackets", async () => {
    const depth = 1_000_000;
    const nested = "[".repeat(depth) + "]".repeat(depth);
    expect(await compare("json", nested, nested)).toEqual({ accepted: true });
    expect(await compare("json", "1", nested)).toMatchObject({ accepted: false });
    expect(await compare("json", "1", "[".repeat(depth))).toMatchObject({ accepted: false });
    expect(await compare("json", nested, nested.replace("[]", "[1]"))).toMatchObject({
      judgeMessage: expect.stringMatching(/^\$(\[0\]){10} … (\[0\]){10}: got 1 items, expected 0$/),
    });
  });

  test("numbers of a million digits", async () => {
    const digits = "7".repeat(1_000_000);
    for (const name of ["numbers 0.1", "json 0.1"]) {
      expect(await compare(name, "1", digits)).toMatchObject({ accepted: false });
      expect(await compare(name, "1", `1.${digits}`)).toMatchObject({ accepted: false });
      expect(await compare(name, "0", `0.0${digits}`)).toEqual({ accepted: true });
      expect(await compare(name, "1", `1e${digits}`)).toMatchObject({ accepted: false });
      expect(await compare(name, "1", `1e-${digits}`)).toMatchObject({ accepted: false });
    }
  });

  test("64 MiB for the default comparator, 8 MiB for the others", async () => {
    const line = "17 abc 3.5\n";
    const textOf = (mebibytes: number): string => line.repeat((mebibytes << 20) / line.length);
    const large = textOf(64);
    const respaced = large.replaceAll("\n", "\r\n");
    expect(await compare("default", large, respaced)).toEqual({ accepted: true });
    expect(await compare("default", large, `${respaced.slice(0, -3)}4\n`)).toMatchObject({
      judgeMessage: expect.stringMatching(/^line \d+, token 18302416?\d*: got "3.4", expected "3.5"$/),
    });

    const text = textOf(8);
    expect(await compare("numbers", text, text.replaceAll("3.5\n", "3.50\n"))).toEqual({ accepted: true });
    for (const name of ["exact", "tokens", "lines"]) {
      expect(await compare(name, text, `${text.slice(0, -2)}4\n`)).toMatchObject({ accepted: false });
    }
  });
});
