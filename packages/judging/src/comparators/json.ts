import { accepted, rejection } from "../validators/comparison.ts";
import type { Comparison } from "../validators/comparison.ts";
import { decimalAt, isNear } from "../validators/decimal.ts";
import type { Tolerances } from "../validators/decimal.ts";
import { identity, sameWithoutSpace, show } from "../validators/text.ts";
import { parseJson } from "./json-parse.ts";
import type { Json } from "./json-parse.ts";

/**
 * Equal JSON values: objects whatever the order of their keys is, arrays in order, strings by what they
 * mean, numbers by their exact value or within the tolerances.
 */
export const compareJson = (
  answer: Uint8Array,
  output: Uint8Array,
  { absolute, relative }: Tolerances,
): Comparison => {
  const expected = parseJson(answer);
  if (!expected.ok) {
    const text = `the answer is no JSON: ${expected.message} at byte ${expected.at}`;
    return rejection(text, "the answer can't be compared with", { brokenAnswer: true });
  }
  const got = parseJson(output);
  if (!got.ok) {
    const text = `the output is no JSON: ${got.message} at byte ${got.at}`;
    return rejection(text, text, { whitespaceOnly: sameWithoutSpace(answer, output, identity) });
  }
  const tolerances: Tolerances = { absolute: absolute ?? (relative === null ? 0 : null), relative };
  return firstDifference(expected.value, got.value, tolerances);
};

interface Step {
  readonly parent: Step | null;
  readonly key: string | number;
}

interface Pair {
  readonly expected: Json;
  readonly got: Json;
  readonly path: Step | null;
}

/** With a stack of its own: what is nested deeply is no reason to fail. */
const firstDifference = (answer: Json, output: Json, tolerances: Tolerances): Comparison => {
  const pairs: Pair[] = [{ expected: answer, got: output, path: null }];
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    const { expected, got, path } = pair;
    const differs = (judge: string, said: string): Comparison =>
      rejection(`${pathText(path)}: ${judge}`, `${pathText(path)}: ${said}`);
    if (expected.type !== got.type) {
      return differs(
        `got ${describe(got)}, expected ${describe(expected)}`,
        `${describe(got)} is not what is expected`,
      );
    }
    if (expected.type === "array" && got.type === "array") {
      const [wanted, have] = [expected.items.length, got.items.length];
      if (wanted !== have) {
        return differs(`got ${have} items, expected ${wanted}`, `${have} items are not as many as expected`);
      }
      for (let index = wanted - 1; index >= 0; index--) {
        const [one, other] = [expected.items[index], got.items[index]];
        if (one === undefined || other === undefined) continue;
        pairs.push({ expected: one, got: other, path: { parent: path, key: index } });
      }
    } else if (expected.type === "object" && got.type === "object") {
      for (const key of got.members.keys()) {
        if (!expected.members.has(key)) {
          return differs(
            `got the key ${quote(key)}, which the answer has not`,
            `the key ${quote(key)} is not expected`,
          );
        }
      }
      for (const [key, one] of expected.members) {
        const other = got.members.get(key);
        if (other === undefined) return differs(`the key ${quote(key)} is missing`, "a key is missing");
        pairs.push({ expected: one, got: other, path: { parent: path, key } });
      }
    } else if (!sameScalar(expected, got, tolerances)) {
      return differs(
        `got ${describe(got)}, expected ${describe(expected)}`,
        `${describe(got)} is not what is expected`,
      );
    }
  }
  return accepted;
};

const sameScalar = (expected: Json, got: Json, tolerances: Tolerances): boolean => {
  if (expected.type === "string" && got.type === "string") return expected.value === got.value;
  if (expected.type === "number" && got.type === "number") {
    if (expected.text === got.text) return true;
    const [one, other] = [decimalOf(got.text), decimalOf(expected.text)];
    return one !== null && other !== null && isNear(one, other, tolerances);
  }
  if (expected.type === "literal" && got.type === "literal") return expected.value === got.value;
  return false;
};

const decimalOf = (text: string) => {
  const bytes = Buffer.from(text, "latin1");
  return decimalAt(bytes, 0, bytes.length);
};

const quote = (text: string): string => show(Buffer.from(text));

const describe = (value: Json): string => {
  switch (value.type) {
    case "string":
      return quote(value.value);
    case "number":
      return show(Buffer.from(value.text, "latin1")).slice(1, -1);
    case "literal":
      return String(value.value);
    case "array":
      return `an array of ${value.items.length}`;
    case "object":
      return `an object with ${value.members.size} keys`;
  }
};

const maxPath = 20;

/** For example $.points[3].x; the middle of a long path is left out. */
const pathText = (path: Step | null): string => {
  const steps: string[] = [];
  for (let at = path; at !== null; at = at.parent) {
    steps.push(
      typeof at.key === "number"
        ? `[${at.key}]`
        : plainKey.test(at.key)
          ? `.${at.key}`
          : `[${quote(at.key)}]`,
    );
  }
  steps.reverse();
  if (steps.length > maxPath) steps.splice(maxPath / 2, steps.length - maxPath, " … ");
  return `$${steps.join("")}`;
};

const plainKey = /^[A-Za-z_][A-Za-z0-9_]{0,39}$/u;
