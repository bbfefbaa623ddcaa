import { describe, expect, it } from "vitest";
import { parseSelector, parseVersion } from "./versions.ts";

const versions = ["0.0.3", "0.2.5", "2.7.18", "3.8.0", "3.11.2", "3.11.9", "3.12.0", "4.0.0", "10.2.0"];
const chosen = (selector: string): readonly string[] | null => {
  const test = parseSelector(selector);
  return test === null ? null : versions.filter((text) => test(parseVersion(text) ?? [-1, 0, 0]));
};

describe("selectors of versions", () => {
  it.each<[string, readonly string[]]>([
    ["*", versions],
    ["", versions],
    ["x", versions],
    ["3", ["3.8.0", "3.11.2", "3.11.9", "3.12.0"]],
    ["3.x", ["3.8.0", "3.11.2", "3.11.9", "3.12.0"]],
    ["3.X.x", ["3.8.0", "3.11.2", "3.11.9", "3.12.0"]],
    ["3.11", ["3.11.2", "3.11.9"]],
    ["3.11.*", ["3.11.2", "3.11.9"]],
    ["3.11.2", ["3.11.2"]],
    ["=3.11.2", ["3.11.2"]],
    ["v3.11.2", ["3.11.2"]],
    ["3.10.0", []],
    ["^3.9.1", ["3.11.2", "3.11.9", "3.12.0"]],
    ["^0.2.3", ["0.2.5"]],
    ["^0.0.3", ["0.0.3"]],
    ["^0", ["0.0.3", "0.2.5"]],
    ["~3.11.3", ["3.11.9"]],
    ["~3.11", ["3.11.2", "3.11.9"]],
    ["~3", ["3.8.0", "3.11.2", "3.11.9", "3.12.0"]],
    [">=3.12 <10", ["3.12.0", "4.0.0"]],
    ["> 3.11", ["3.12.0", "4.0.0", "10.2.0"]],
    [">3.11.2 <=3.12", ["3.11.9", "3.12.0"]],
    ["<0.2", ["0.0.3"]],
    ["3.8 - 3.11", ["3.8.0", "3.11.2", "3.11.9"]],
    ["2 || 4", ["2.7.18", "4.0.0"]],
    ["<*", []],
  ])("%j", (selector, found) => {
    expect(chosen(selector)).toEqual(found);
  });

  it.each(["python", "3.", "3.1.2.3", "^^3", "3 || nope", "; rm -rf /", "9".repeat(20), "3 -"])(
    "%j is none",
    (selector) => expect(chosen(selector)).toBeNull(),
  );

  it("takes no longer for a hostile one", () => {
    expect(parseSelector(`${"3 ".repeat(20_000)}!`)).toBeNull();
    expect(parseSelector(" ".repeat(100_000))).toBeNull();
    expect(parseSelector("a".repeat(1_000_000))).toBeNull();
  });
});
