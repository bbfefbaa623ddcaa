import { languages } from "@assay/languages";
import type { Language } from "@assay/languages";
import { describe, expect, it } from "vitest";
import { findRuntime } from "./runtimes.ts";
import type { Found } from "./runtimes.ts";

const python = languages.get("python");
if (python === undefined) throw new Error("the catalogue has no python");

const found = (release: string, version: string): Found => {
  const language: Language = { ...python, id: `python@${release}`, release };
  return { language, runtime: { language: "python", version, aliases: ["py", `python${release}`] } };
};
const runtimes = [found("3.11", "3.11.2"), found("3.13", "3.13.5"), found("2.7", "2.7.18")];
const chosen = (name: string, selector: string): string | undefined =>
  findRuntime(runtimes, name, selector)?.runtime.version;

describe("several versions of one language", () => {
  it.each([
    ["python", "*", "3.13.5"],
    ["python", "", "3.13.5"],
    ["Python", "3.x", "3.13.5"],
    ["py", "3.11", "3.11.2"],
    ["python", "<3.12", "3.11.2"],
    ["python", "2 || 3.11", "3.11.2"],
    ["python", "~2", "2.7.18"],
    ["python3.11", "*", "3.11.2"],
    ["python", "4", undefined],
    ["python", "latest", undefined],
    ["ruby", "*", undefined],
    ["python", "9".repeat(300), undefined],
    ["python", `${"3 ".repeat(20_000)}!`, undefined],
  ])("%s %j", (name, selector, version) => expect(chosen(name, selector)).toBe(version));
});
