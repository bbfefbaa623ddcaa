import { languages } from "@assay/languages";
import type { Language } from "@assay/languages";
import { describe, expect, it } from "vitest";
import type { Listed } from "../compatible/catalogue.ts";
import { judge0Languages, nameOfNumber } from "./languages.ts";
import { numberedFamilies } from "./numbers.ts";
import { shellWords, wordsOf } from "./words.ts";

const get = (id: string): Language => {
  const language = languages.get(id);
  if (language === undefined) throw new Error(`no language ${id}`);
  return language;
};
const listed = (language: Language, version: string | null): Listed => ({
  language,
  version,
  available: version !== null,
});
const python = get("python");
const newer: Language = { ...python, id: "python@3.13", release: "3.13" };

const chosen = (all: readonly Listed[]) =>
  Object.fromEntries(
    judge0Languages(all).map((one) => [one.id, `${one.language.id}${one.isAlias ? " again" : ""}`]),
  );

describe("Judge0's numbers", () => {
  it("are each of one language", () => {
    const numbers = numberedFamilies.flatMap((family) => family.numbers.map(([id]) => id));
    expect(new Set(numbers).size).toBe(numbers.length);
    const families = numberedFamilies.map(({ family }) => family);
    expect(new Set(families).size).toBe(families.length);
    // An alias of a family would stand for no language.
    const aliases = new Set([...languages.values()].flatMap((language) => language.aliases));
    expect(families.filter((family) => aliases.has(family))).toEqual([]);
  });

  it("go to the release that they mean when it can be run, else to the usual one", () => {
    expect(chosen([listed(python, "3.11.2"), listed(newer, "3.13.5")])).toEqual({
      71: "python",
      92: "python again",
      100: "python again",
      109: "python@3.13",
    });
    expect(chosen([listed(python, "3.11.2"), listed(newer, null)])).toMatchObject({ 109: "python again" });
    expect(chosen([listed(python, null)])).toMatchObject({ 71: "python", 109: "python again" });
  });

  it("whose language the catalogue lacks do not exist", () => {
    expect(judge0Languages([])).toEqual([]);
    const ids = judge0Languages([listed(get("c"), "12.2.0")]).map(({ id }) => id);
    expect(ids.toSorted((a, b) => a - b)).toEqual([48, 49, 50, 103]);
    // It is no alias of another family.
    expect(
      judge0Languages([listed({ ...python, aliases: ["java"] }, "3")]).map(({ id }) => id),
    ).not.toContain(62);
  });

  it("show what the catalogue runs, for every language in it", () => {
    const all = judge0Languages([...languages.values()].map((language) => listed(language, "1.2.3")));
    expect(all.length).toBeGreaterThan(10);
    for (const { id, language, sourceFile, compileCommand, runCommand } of all) {
      if (sourceFile === null) continue;
      expect(language.extensions).toContain(/\.[^.]+$/.exec(sourceFile)?.[0]);
      expect(runCommand).toBe(shellWords(language.run([sourceFile]).argv));
      expect(compileCommand !== null, `${id} is compiled`).toBe(language.translation === "compiled");
    }
    expect(all.find(({ id }) => id === 71)).toMatchObject({
      name: "Python (1.2.3)",
      sourceFile: "script.py",
      compileCommand: null,
      runCommand: "python3 -B -s ./script.py",
    });
  });

  it("keep their names when the language is gone", () => {
    expect(nameOfNumber(62, "13.0.1")).toBe("Java (OpenJDK 13.0.1)");
    expect(nameOfNumber(50, null)).toBe("C");
    expect(nameOfNumber(89, "5.2")).toBe("Multi-file program");
    expect(nameOfNumber(70, null)).toBeNull();
  });
});

describe("a command as a line", () => {
  it("is what a shell reads as these words", () => {
    expect(shellWords(["gcc", "-O2", "%s", "./main.c"])).toBe("gcc -O2 %s ./main.c");
    expect(shellWords(["sh", "-c", "echo it's", ""])).toBe(String.raw`sh -c 'echo it'\''s' ''`);
    const words = ["a b", "it's", 'say "hi"', "", "plain"];
    expect(wordsOf(shellWords(words))).toEqual(words);
  });
});
