import { describe, expect, test } from "vitest";
import { globPattern } from "./glob.ts";

describe("a pattern", () => {
  test.each<[string, string, boolean]>([
    ["secret/01", "secret/01", true],
    ["secret/01", "secret/010", false],
    ["secret", "secret/1-small/a", true],
    ["sec", "secret", false],
    ["secret/*", "secret/1-small", true],
    ["secret/*", "secret/1-small/a", true],
    ["secret/*-easy", "secret/2-easy/b", true],
    ["secret/*-easy", "secret/2/x-easy", false],
    ["*", "sample/1", true],
    ["*", "", true],
    ["secret/{1,2*}/x", "secret/1/x", true],
    ["secret/{1,2*}/x", "secret/22/x", true],
    ["secret/{1,2*}/x", "secret/3/x", false],
    ["secret/a{,b}", "secret/a", true],
    ["secret/a{,b}", "secret/ab", true],
    ["a.c", "abc", false],
    ["a,b", "a,b", true],
    ["(a|b)+[c]", "(a|b)+[c]", true],
    ["*a*b", "xxaxxaxb", true],
    ["*a*b", "xxaxxaxbc", false],
  ])("%s and %s: %j", (glob, name, fits) => {
    expect(globPattern(glob)?.test(name)).toBe(fits);
  });

  test.each(["{a", "a}", "{a{b}}", "x".repeat(2000)])("%s is none", (glob) => {
    expect(globPattern(glob)).toBeNull();
  });

  // The server reads patterns of whoever uploads a package. As a regular expression this one would
  // not be done within the life of the machine.
  test("of many stars does not take longer than others", () => {
    expect(globPattern(`${"*a".repeat(60)}b`)?.test("a".repeat(200))).toBe(false);
    expect(globPattern(`${"{*a,*aa}".repeat(60)}b`)?.test("a".repeat(200))).toBe(false);
  });
});
