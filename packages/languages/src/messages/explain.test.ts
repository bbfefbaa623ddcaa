import type { Diagnostic } from "@assay/contracts";
import { describe, expect, it } from "vitest";
import {
  explain,
  explanations,
  languageOfEnvironment,
  languageOfHeader,
  messageLanguages,
  placeholdersOf,
} from "./explain.ts";

const diagnostic: Diagnostic = {
  file: "main.py",
  line: 3,
  column: 5,
  kind: "error",
  code: "python.name-error",
  message: "NameError: name 'x' is not defined",
  args: { name: "x" },
  explanation: null,
  hint: null,
};

describe.each(messageLanguages)("explanations in %s", (language) => {
  it("are there for the same codes as in English", () => {
    expect([...explanations[language].keys()].toSorted()).toEqual([...explanations.en.keys()].toSorted());
  });

  it("have an explanation and a hint each, of one or two sentences", () => {
    for (const [code, { explanation, hint }] of explanations[language])
      for (const text of [explanation, hint]) {
        expect(text, code).toMatch(/\S.*[\w).:;?}"…'\]]$/);
        expect(text.length, code).toBeLessThan(220);
      }
  });

  it("name only what the English ones name", () => {
    for (const [code, { explanation, hint }] of explanations[language]) {
      const known = explanations.en.get(code);
      const allowed = placeholdersOf(`${known?.explanation} ${known?.hint}`);
      for (const name of placeholdersOf(`${explanation} ${hint}`)) expect(allowed, code).toContain(name);
    }
  });
});

describe("explain", () => {
  it("fills in what the message names", () => {
    expect(explain(diagnostic, "en").explanation).toBe("There is nothing called x at this point.");
    expect(explain(diagnostic, "de").explanation).toBe("Es gibt an dieser Stelle nichts mit dem Namen x.");
  });

  it("does not read what a program says as a text of ours", () => {
    const args = { name: "{{x}} {hint} $& $1" };
    expect(explain({ ...diagnostic, args }, "en").explanation).toContain("{{x}} {hint} $& $1");
  });

  it("takes no argument from where there is none", () => {
    const code = "python.name-error";
    expect(explain({ ...diagnostic, code, args: {} }, "en").explanation).toContain("nothing called …");
    expect(explain({ ...diagnostic, code: "constructor" }, "en").explanation).toBeNull();
  });

  it("leaves a message alone of which nothing is written", () => {
    const unknown = { ...diagnostic, code: "rust.E0425" };
    expect(explain(unknown, "en")).toEqual(unknown);
    expect(explain({ ...diagnostic, code: null }, "de").hint).toBeNull();
  });
});

it.each([
  [undefined, "en"],
  ["", "en"],
  ["de", "de"],
  ["de-AT,de;q=0.9,en;q=0.8", "de"],
  ["fr, en;q=0.5, de;q=0.7", "de"],
  ["en;q=0.9, de;q=0.1", "en"],
  ["de;q=0", "en"],
  ["*", "en"],
  [`${"x,".repeat(100_000)}de`, "en"],
] as const)("header %.30s asks for %s", (header, language) => {
  expect(languageOfHeader(header)).toBe(language);
});

it.each([
  [{}, "en"],
  [{ LANG: "C.UTF-8" }, "en"],
  [{ LANG: "de_DE.UTF-8" }, "de"],
  [{ LANG: "de_DE.UTF-8", LC_ALL: "en_US.UTF-8" }, "en"],
  [{ LANG: "en_US", LC_MESSAGES: "de_AT", LC_ALL: "" }, "de"],
] as const)("environment %j asks for %s", (env, language) => {
  expect(languageOfEnvironment(env)).toBe(language);
});
