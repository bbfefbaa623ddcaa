import { recipes } from "@assay/images";
import { describe, expect, test } from "vitest";
import { languages } from "./catalogue/index.ts";
import type { Language } from "./language.ts";
import { probeNames } from "./probes.ts";
import { definitionDigest, readProgram } from "./programs.ts";

const all: readonly Language[] = [...languages.values()];
const families = Map.groupBy(all, ({ family }) => family);

/** Names that a file of a submission may have, and that a tool could take for something else. */
const oddNames = (language: Language): string[] => {
  const [extension = ""] = language.extensions;
  return [`-o${extension}`, `@list${extension}`, `a b${extension}`, `$(id)${extension}`, `';${extension}`];
};

describe("the catalogue", () => {
  test("has one usual release in each family, whose id is the family's", () => {
    for (const [family, members] of families) {
      const usual = members.filter(({ id }) => id === family);
      expect(usual, family).toHaveLength(1);
      for (const one of members.filter(({ id }) => id !== family))
        expect(one.id).toBe(`${family}@${one.release}`);
    }
  });

  test("has ids and aliases that mean one family each", () => {
    const owners = new Map<string, string>();
    for (const { family, aliases } of all)
      for (const name of [family, ...aliases]) {
        expect(name).toBe(name.toLowerCase());
        expect(name).not.toContain("@");
        expect(owners.get(name) ?? family, name).toBe(family);
        owners.set(name, family);
      }
  });
});

describe.each(all.map((language) => [language.id, language] as const))("%s", (_, language) => {
  test("is well described", () => {
    expect(language.id).toMatch(/^[a-z][a-z0-9-]*(?:@\d+(?:\.\d+){0,2})?$/);
    expect(language.release).toMatch(/^\d+(?:\.\d+){0,2}$/);
    expect(recipes.has(language.image), `recipe ${language.image}`).toBe(true);
    expect(language.extensions.length).toBeGreaterThan(0);
    for (const extension of language.extensions) expect(extension).toMatch(/^\.[^./\s]+$/);
    expect(language.extensions.some((extension) => language.defaultSource.endsWith(extension))).toBe(true);
    expect(language.compileMinimum.processes).toBeGreaterThan(0);
    expect(language.version.parse("no version at all")).toBe(null);
    const command = language.compile([language.defaultSource]);
    expect(command === null).toBe(language.translation === "interpreted");
    expect(language.translation !== "compiled" || command?.outputs.length !== 0).toBe(true);
  });

  test("has a program for each of its probes, and a template", async () => {
    for (const reason of Object.values(language.without)) expect(reason).toMatch(/^\S.{10,}\.$/);
    const had = probeNames.filter((name) => language.without[name] === undefined);
    for (const name of [...had, "template"] as const) {
      const files = await readProgram(language, name);
      expect(files.length, name).toBeGreaterThanOrEqual(name === "files" ? 2 : 1);
    }
    expect(await definitionDigest(language)).toMatch(/^[0-9a-f]{64}$/);
  });

  test("takes no file name for an option, and none for a command of a shell", () => {
    for (const name of oddNames(language)) {
      const commands = [language.compile([name]), language.run([name], ["-x"])];
      for (const command of commands) {
        const words = command?.argv ?? [];
        expect(words).not.toContain(name);
        // As an argument of its own at most: a shell's script that holds the name would run it.
        for (const word of words.filter((one) => one.includes(name)))
          expect(word.replace(name, "").length, word).toBeLessThan(16);
      }
    }
  });

  test("runs with and without arguments and whatever the memory limit is", () => {
    const files = [language.defaultSource];
    const words = language.without.arguments === undefined ? ["-first", "second word"] : [];
    const { argv } = language.run(files, words, 64 * 1024 * 1024);
    // As words of their own behind everything, or not as they stand: written down in a program.
    const isBehind = words.every((word, index) => argv[argv.length - words.length + index] === word);
    const isWritten = words.every((word) => !argv.some((one) => one.includes(word)));
    expect(words.length === 0 || isBehind || isWritten).toBe(true);
    expect(language.run(files).argv.length).toBeGreaterThan(0);
  });
});
