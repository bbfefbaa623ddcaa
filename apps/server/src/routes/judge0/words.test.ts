import { describe, expect, it } from "vitest";
import { unwrappedBase64, wrappedBase64 } from "./base64.ts";
import { sameOutput } from "./compare.ts";
import { wordsOf } from "./words.ts";

describe("words of options and arguments", () => {
  it.each([
    ["", []],
    ["  -O2   -Wall\n-DX=1 ", ["-O2", "-Wall", "-DX=1"]],
    [`a "b c" 'd "e"' f\\ g`, ["a", "b c", 'd "e"', "f g"]],
    [`"" ''`, ["", ""]],
    ["; rm -rf / && $(reboot) `id` | sh > x < y", ["rm", "-rf", "/", "(reboot)", "id", "sh", "x", "y"]],
    ["* ~ {a,b} ?", ["*", "~", "{a,b}", "?"]],
    [`"a\\"b\\n"`, ['a"b\\n']],
    ["end\\", ["end\\"]],
  ])("%j are %j", (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });

  it.each([`"open`, "it's", `a 'b"`])("%j has an open quote", (text) => {
    expect(wordsOf(text)).toBeNull();
  });
});

describe("base64 as Judge0 has it", () => {
  it("ends each line of 60 characters, the last one too", () => {
    expect(wrappedBase64(Buffer.from(""))).toBe("");
    expect(wrappedBase64(Buffer.from("hi"))).toBe("aGk=\n");
    expect(wrappedBase64(Buffer.alloc(46, "a")).split("\n")).toEqual(["YWFh".repeat(15), "YQ==", ""]);
  });

  it.each([
    ["aGk=\n", "hi"],
    ["aGk", "hi"],
    [" aG\r\nk= ", "hi"],
    ["", ""],
  ])("reads %j", (text, bytes) => {
    expect(unwrappedBase64(text)?.toString()).toBe(bytes);
  });

  it.each(["print(1)", "aGk=aGk=", "a", "\u00e4"])("does not read %j", (text) => {
    expect(unwrappedBase64(text)).toBeNull();
  });

  it("takes no longer for a hostile one", () => {
    expect(unwrappedBase64(`${"=".repeat(1_000_000)}x`)).toBeNull();
    expect(unwrappedBase64("=".repeat(1_000_000))).toEqual(Buffer.alloc(0));
  });

  it("reads what it wrote, of every length", () => {
    for (let length = 0; length < 200; length++) {
      const bytes = Buffer.from(Array.from({ length }, (_, index) => (index * 37) % 256));
      expect(unwrappedBase64(wrappedBase64(bytes))).toEqual(bytes);
    }
  });
});

describe("comparison with the expected output", () => {
  it.each([
    ["42", "42\n", true],
    ["42\n\n \n", "42", true],
    ["a  \nb\t\n", "a\nb", true],
    ["a\n\nb", "a\nb", false],
    [" a", "a", false],
    ["a b", "a  b", false],
    ["A", "a", false],
    ["", "", true],
    ["\n \n", "", true],
    ["a\r\nb\r\n", "a\nb\n", true],
  ])("%j and %j: %j", (expected, actual, same) => {
    expect(sameOutput(Buffer.from(expected), Buffer.from(actual))).toBe(same);
  });

  it("compares bytes that are no text", () => {
    expect(sameOutput(Buffer.from([0xff, 0x20]), Buffer.from([0xff]))).toBe(true);
    expect(sameOutput(Buffer.from([0xff]), Buffer.from([0xfe]))).toBe(false);
  });
});
