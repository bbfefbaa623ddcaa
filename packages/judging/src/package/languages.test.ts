import { languages } from "@assay/languages";
import { describe, expect, it } from "vitest";
import { formatNameOf, isKnownFormatLanguage, languageIdOf } from "./languages.ts";

const format = (id: string): string | undefined => {
  const language = languages.get(id);
  return language && formatNameOf(language);
};

describe("names of the format", () => {
  it.each([
    ["lisp", "lisp"],
    ["python3", "python"],
    ["objectivec", "objective-c"],
    ["cpp", "cpp"],
    ["scheme-chicken", "scheme-chicken"],
  ])("%s is our %s", (name, family) => {
    expect(languageIdOf(name)).toBe(family);
  });

  it("may be of languages that are not here", () => {
    expect(languageIdOf("simula")).toBeNull();
    expect(isKnownFormatLanguage("simula")).toBe(true);
    expect(isKnownFormatLanguage("klingon")).toBe(false);
  });

  it("take in what is but another compiler", () => {
    expect([format("lisp-clisp"), format("d-ldc"), format("pypy")]).toEqual(["lisp", "d", "python3"]);
    expect(format("vala")).toBe("vala");
  });
});
