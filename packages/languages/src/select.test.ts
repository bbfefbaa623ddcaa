import { describe, expect, it } from "vitest";
import { languages } from "./catalogue/index.ts";
import type { Language } from "./language.ts";
import { UnknownLanguage, coerceVersion, parseRange, selectLanguage, selectableIds } from "./select.ts";

const python = languages.get("python");
if (python === undefined) throw new Error("the catalogue has no python");

const release = (family: string, of: string, more: Partial<Language> = {}): Language => ({
  ...python,
  id: `${family}@${of}`,
  family,
  release: of,
  aliases: [],
  ...more,
});

const catalogue: ReadonlyMap<string, Language> = new Map(
  [
    release("python", "3.11", { id: "python", aliases: ["py", "python3"] }),
    release("python", "3.13", { aliases: ["py", "python3"] }),
    release("java", "17", { id: "java", aliases: ["openjdk"] }),
    release("java", "21"),
    release("java", "25"),
    release("cpp", "12", { id: "cpp", aliases: ["c++", "g++"] }),
    release("cpp17", "12", { id: "cpp17", aliases: ["c++17"] }),
    release("r", "4.2", { id: "r" }),
  ].map((language) => [language.id, language]),
);
const chosen = (selector: string, known: Readonly<Record<string, string | null>> = {}): string =>
  selectLanguage(selector, { catalogue, known: new Map(Object.entries(known)) }).id;

describe("selectLanguage", () => {
  it.each([
    ["python", "python"],
    ["py", "python"],
    ["Python", "python"],
    ["c++", "cpp"],
    ["C++", "cpp"],
    ["c++17", "cpp17"],
    ["R", "r"],
    [" python ", "python"],
    ["python@3.13", "python@3.13"],
    ["python@3.11", "python"],
    ["python@3", "python@3.13"],
    ["python@*", "python@3.13"],
    ["python@", "python@3.13"],
    ["py@3", "python@3.13"],
    ["python3@3.11", "python"],
    ["python@>=3.10", "python@3.13"],
    ["python@>=3.10 <3.12", "python"],
    ["python@~3.11", "python"],
    ["python@^3", "python@3.13"],
    ["python@3.x", "python@3.13"],
    ["python@3.10 - 3.12", "python"],
    ["python@3.11.2", "python"],
    ["python@3.13.99", "python@3.13"],
    ["java@17 || 21", "java@21"],
    ["java@17||21", "java@21"],
    ["java@<25", "java@21"],
    ["openjdk@25", "java@25"],
    ["java", "java"],
  ])("%j is %s", (selector, id) => {
    expect(chosen(selector)).toBe(id);
  });

  it("prefers what can be run now to a higher version", () => {
    expect(chosen("python@3", { python: "3.11.2" })).toBe("python");
    expect(chosen("python@3", { python: "3.11.2", "python@3.13": "3.13.5" })).toBe("python@3.13");
    expect(chosen("java@>=17", { java: "17.0.21", "java@21": "21.0.2" })).toBe("java@21");
    expect(chosen("python@>=3.11.1", { python: null })).toBe("python");
    // Nothing that runs fits: the job waits for the highest that does.
    expect(chosen("java@>21", { java: "17.0.21", "java@21": "21" })).toBe("java@25");
  });

  it("does not change what a name without a range means", () => {
    expect(chosen("python", { "python@3.13": "3.13.5" })).toBe("python");
    expect(chosen("java", { "java@25": "25.0.1" })).toBe("java");
  });

  it("goes by the exact version where it is known", () => {
    expect(chosen("python@3.11.2", { python: "3.11.2" })).toBe("python");
    expect(chosen("python@>3.11.1", { python: "3.11.2" })).toBe("python");
    expect(() => chosen("python@3.11.9", { python: "3.11.2" })).toThrow(UnknownLanguage);
    expect(chosen("java@17.0.21", { java: "17.0.21+9-Debian" })).toBe("java");
  });

  it.each([
    ["python@2", "there is no python 2; there are 3.11, 3.13"],
    ["py@>=4", "there is no python >=4; there are 3.11, 3.13"],
    ["java@18", "there is no java 18; there are 17, 21, 25"],
    ["java@18 || 19", "there is no java 18 || 19; there are 17, 21, 25"],
    ["cobol", 'there is no language "cobol"; there are cpp, cpp17, java, python, r'],
    ["", 'there is no language ""; there are cpp, cpp17, java, python, r'],
    [
      "pyhton@3",
      'there is no language "pyhton" (did you mean python?); there are cpp, cpp17, java, python, r',
    ],
    ["jav", 'there is no language "jav" (did you mean java?); there are cpp, cpp17, java, python, r'],
    [
      "java 21",
      'there is no language "java 21" (did you mean java@21?); there are cpp, cpp17, java, python, r',
    ],
    ["cobol@1", 'there is no language "cobol"; there are cpp, cpp17, java, python, r'],
    [
      "python@two",
      '"python@two" names no versions: behind the @ comes a range as npm writes them, for example python@3.11 or "python@>=3.11"',
    ],
  ])("of %j it says what there is", (selector, message) => {
    expect(() => chosen(selector)).toThrow(new UnknownLanguage(message));
  });

  it("says the exact versions where they are known", () => {
    expect(() => chosen("python@2", { python: "3.11.2" })).toThrow("there are 3.11.2, 3.13");
  });

  it.each(["__proto__", "constructor", "python@@3", "python@3@4", "@3", "@", "python@\0", "\ud800"])(
    "%j is nothing",
    (selector) => expect(() => chosen(selector)).toThrow(UnknownLanguage),
  );

  it("takes no longer for a hostile one, and does not repeat all of it", () => {
    for (const hostile of [
      `python@${"3 ".repeat(20_000)}!`,
      `python@3${" ".repeat(100_000)}4`,
      "a".repeat(1_000_000),
    ])
      expect(() => chosen(hostile)).toThrow(UnknownLanguage);
    expect(() => chosen("a".repeat(1_000_000))).toThrow(/^.{1,200}$/s);
  });

  it("finds every language of the real catalogue by its id, and nothing by an id with a space in it", () => {
    for (const language of languages.values()) expect(selectLanguage(language.id)).toBe(language);
    expect(() => selectLanguage("py thon")).toThrow(UnknownLanguage);
  });

  it("finds every family of the real catalogue by its aliases, each of one family alone", () => {
    const families = new Set([...languages.values()].map(({ family }) => family));
    const owners = new Map<string, string>();
    for (const { family, aliases } of languages.values())
      for (const alias of aliases) {
        expect(alias).toBe(alias.toLowerCase());
        expect(families.has(alias), `${alias} is an alias of ${family} and a family`).toBe(false);
        expect(owners.get(alias) ?? family, `${alias} is an alias twice`).toBe(family);
        owners.set(alias, family);
        expect(selectLanguage(alias).id).toBe(family);
      }
  });
});

describe("selectableIds", () => {
  it("is what a filter looks for", () => {
    expect(selectableIds("py", catalogue)).toEqual(["python"]);
    expect(selectableIds("python@3.13", catalogue)).toEqual(["python@3.13"]);
    expect(selectableIds("python@3", catalogue)).toEqual(["python", "python@3.13"]);
    expect(selectableIds("java@>=17.0.5", catalogue)).toEqual(["java", "java@21", "java@25"]);
    expect(selectableIds("java@>17", catalogue)).toEqual(["java@21", "java@25"]);
    expect(selectableIds("python@2", catalogue)).toEqual([]);
    expect(() => selectableIds("nothing", catalogue)).toThrow(UnknownLanguage);
  });
});

describe("coerceVersion", () => {
  it.each([
    ["3.11.2", "3.11.2"],
    ["9.0.4+dfsg", "9.0.4"],
    ["5.36.0", "5.36.0"],
    ["17.0.21", "17.0.21"],
    ["22.04", "22.4.0"],
    ["1.8.0_292", "1.8.0"],
    ["2.2.9.debian", "2.2.9"],
    ["v26.1.0", "26.1.0"],
    ["25", "25.0.0"],
    ["25.2.3.4", "25.2.3"],
    ["0.7.3-rc1", "0.7.3"],
    ["20230311120000", "20230311120000.0.0"],
  ])("%s is %s", (text, version) => {
    expect(coerceVersion(text)?.version).toBe(version);
  });
  it.each(["", "unknown", "x.y"])("%j has none", (text) => expect(coerceVersion(text)).toBeNull());
});

describe("parseRange", () => {
  const versions = ["0.0.3", "0.2.5", "2.7.18", "3.8.0", "3.11.2", "3.11.9", "3.12.0", "4.0.0", "22.04"];
  const fitting = (range: string): readonly string[] | null => {
    const parsed = parseRange(range);
    return parsed && versions.filter((version) => parsed.test(coerceVersion(version) ?? "0.0.0"));
  };
  it.each<[string, readonly string[]]>([
    ["*", versions],
    ["", versions],
    ["3", ["3.8.0", "3.11.2", "3.11.9", "3.12.0"]],
    ["3.11", ["3.11.2", "3.11.9"]],
    ["v3.11.2", ["3.11.2"]],
    ["^0.2.3", ["0.2.5"]],
    ["~3.11.3", ["3.11.9"]],
    ["> 3.11", ["3.12.0", "4.0.0", "22.04"]],
    ["3.8 - 3.11", ["3.8.0", "3.11.2", "3.11.9"]],
    ["2 || 4", ["2.7.18", "4.0.0"]],
    ["22.04", ["22.04"]],
    ["22.4", ["22.04"]],
    ["<*", []],
  ])("%j", (range, found) => expect(fitting(range)).toEqual(found));
  it.each(["python", "3.", "3.1.2.3", "^^3", "3 || nope", "; rm -rf /", "9".repeat(20), "3 -"])(
    "%j is none",
    (range) => expect(parseRange(range)).toBeNull(),
  );
});
