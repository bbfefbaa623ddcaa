import type { Diagnostic } from "@assay/contracts";
import { afterEach, expect, it, vi } from "vitest";
import { explained, friendly } from "./friendly.ts";

afterEach(() => vi.unstubAllEnvs());

const diagnostic = (change: Partial<Diagnostic> = {}): Diagnostic => ({
  file: "main.py",
  line: 3,
  column: 5,
  kind: "error",
  code: "python.name-error",
  message: "NameError: name 'x' is not defined",
  args: { name: "x" },
  explanation: null,
  hint: null,
  ...change,
});

const speak = (LANG: string): void => {
  for (const name of ["LC_ALL", "LC_MESSAGES"]) vi.stubEnv(name, "");
  vi.stubEnv("LANG", LANG);
};

it("says where, what, and what to do about it, in the language of the environment", () => {
  speak("C.UTF-8");
  expect(friendly([diagnostic()])).toMatch(
    /^main\.py:3: There is nothing called x at this point\.\n {2}→ Give it a value .+\n$/,
  );
  speak("de_DE.UTF-8");
  expect(friendly([diagnostic({ line: null })])).toMatch(/^main\.py: Es gibt an dieser Stelle/);
  expect(friendly([diagnostic({ file: null, line: null })])).toMatch(/^Es gibt an dieser Stelle/);
});

it("explains it anew where a server has in another language", () => {
  speak("de_DE.UTF-8");
  expect(explained([diagnostic({ explanation: "English", hint: "English" })])[0]?.explanation).toMatch(
    /^Es gibt/,
  );
});

it("is silent about what nothing is written of", () => {
  speak("C.UTF-8");
  expect(friendly([])).toBe("");
  expect(friendly([diagnostic({ code: null }), diagnostic({ code: "rust.E0425" })])).toBe("");
});

it("tells errors before warnings, and not too many", () => {
  speak("C.UTF-8");
  const many = [
    diagnostic({ kind: "warning", args: { name: "w" } }),
    ...["a", "b", "c", "d"].map((name) => diagnostic({ args: { name } })),
  ];
  expect([...friendly(many).matchAll(/called (\w)/g)].map(([, name]) => name)).toEqual(["a", "b", "c"]);
});

it("shows what a program wrote to a terminal, and does not obey it", () => {
  speak("C.UTF-8");
  const text = friendly([diagnostic({ file: "a\u001b[2J.py", args: { name: "\u001b]0;x\u0007\u202e" } })]);
  // oxlint-disable-next-line no-control-regex -- what must not be there
  expect(text).not.toMatch(/[\u001b\u0007\u202e]/);
  expect(text).toContain("\\u001b");
});
