import { defaultCompileLimits } from "@assay/contracts";
import { describe, expect, it } from "vitest";
import { languageById, languageForFile, languageForFiles } from "./detect.ts";
import { languages } from "./catalogue/index.ts";

describe("languageForFile", () => {
  it.each([
    ["a.c", "c"],
    ["a.C", "cpp"],
    ["a.cc", "cpp"],
    ["a.cpp", "cpp"],
    ["a.cxx", "cpp"],
    ["a.c++", "cpp"],
    ["submissions/accepted/a.py", "python"],
    ["a.sh", "bash"],
    ["a.bash", "bash"],
  ])("%s is %s", (path, id) => {
    expect(languageForFile(path)?.id).toBe(id);
  });

  it.each(["a.h", "a.PY", "a", "", ".py", "a.py/", "a.py.txt", "a.rs"])("%j is of no language", (path) => {
    expect(languageForFile(path)).toBeNull();
  });
});

describe("languageForFiles", () => {
  it("ignores files of no language", () => {
    expect(languageForFiles(["a.h", "a.cpp", "b.cc", "README"])?.id).toBe("cpp");
  });

  it("decides nothing between two languages", () => {
    expect(languageForFiles(["a.c", "b.py"])).toBeNull();
    expect(languageForFiles([])).toBeNull();
  });
});

describe("the catalogue", () => {
  it("knows no language that is not its own key", () => {
    expect(languageById("python")?.id).toBe("python");
    for (const id of ["rust", "", "__proto__", "constructor", "Python"]) expect(languageById(id)).toBeNull();
  });

  it("asks for no more than a compiler gets", () => {
    for (const { compileMinimum } of languages.values())
      for (const limit of ["memoryBytes", "processes", "diskBytes"] as const)
        expect(compileMinimum[limit]).toBeLessThanOrEqual(defaultCompileLimits[limit]);
  });

  it("gives each extension to one language, and each default source to its own", () => {
    const extensions = [...languages.values()].flatMap((language) => language.extensions);
    expect(new Set(extensions).size).toBe(extensions.length);
    for (const language of languages.values())
      expect(languageForFile(language.defaultSource)?.id).toBe(language.id);
  });
});
