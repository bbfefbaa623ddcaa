import { languageById, probeNames } from "@assay/languages";
import type { Language } from "@assay/languages";
import { catalogueSandboxOrSkip } from "@assay/testing";
import { afterAll, describe, expect, test } from "vitest";
import { probeLanguage } from "./probe-language.ts";

const box = await catalogueSandboxOrSkip({ slots: 2 });
afterAll(() => box[Symbol.asyncDispose]());

const python = languageById("python");
if (python === null) throw new Error("the catalogue has no python");

const { signal } = new AbortController();
const failures = async (language: Language): Promise<Record<string, string | null>> => {
  const { sandbox, images } = box.get();
  const image = { name: "python", digest: images.get("python") ?? "" };
  const report = await probeLanguage({ language, image, sandbox, machine: "here", signal });
  const failed = report.probes.filter(({ status }) => status === "failed");
  expect(report.passed).toBe(failed.length === 0 && report.version !== null);
  return Object.fromEntries(failed.map(({ name, reason }) => [name, reason]));
};

const env = python.version.env;
const running = (script: string): Language => ({
  ...python,
  run: (files, args = []) => ({ argv: ["bash", "-c", script, "bash", ...files, ...args], env }),
});

describe.skipIf(box.skip !== null)(`probes ${box.skip ?? ""}`, () => {
  test("a sound language passes all of them", async () => {
    expect(await failures(python)).toEqual({});
  });

  test("a program that does nothing passes no probe that wants something done", async () => {
    const failed = await failures(running("true"));
    expect(Object.keys(failed).toSorted()).toEqual(
      // The check refuses the wrong program, whatever would run then.
      probeNames.filter((name) => name !== "compile-error").toSorted(),
    );
  });

  test("a program that fails in any case passes only where failing is right", async () => {
    const failed = await failures(running("echo 'out of order' >&2; exit 1"));
    expect(Object.keys(failed)).not.toContain("exception");
    for (const name of ["hello", "echo", "arguments", "files", "exit-code", "loop", "output", "unicode"])
      expect(failed[name]).toContain("exited with 1");
  });

  test.each([
    ["a line feed more", "echo 'Hello, World!'; echo", "hello"],
    ["one that copies all but the last byte", "head -c -1", "echo"],
    ["one that splits its arguments", 'shift; printf "%s\\n" $*', "arguments"],
    ["one that reaches the network", "echo connected", "socket"],
    ["one that gets all memory", "echo too much", "memory"],
  ])("%s fails", async (_, script, name) => {
    expect(Object.keys(await failures(running(script)))).toContain(name);
  });

  test("a check that takes everything fails by the wrong program", async () => {
    const failed = await failures({
      ...python,
      compile: () => ({ argv: ["true"], env, outputs: [] }),
    });
    expect(Object.keys(failed)).toEqual(["compile-error"]);
  });

  test("what a language has not is skipped with the reason, what it should have and has not fails", async () => {
    const { sandbox, images } = box.get();
    const image = { name: "python", digest: images.get("python") ?? "" };
    const language: Language = {
      ...python,
      programs: "no-such-directory",
      without: { socket: "It has no sockets." },
    };
    const { probes, passed } = await probeLanguage({ language, image, sandbox, machine: "here", signal });
    expect(passed).toBe(false);
    expect(probes.find(({ name }) => name === "socket")).toEqual({
      name: "socket",
      status: "skipped",
      reason: "It has no sockets.",
    });
    expect(probes.filter(({ status }) => status === "failed")).toHaveLength(probeNames.length - 1);
  });

  test("tools that do not tell their version make a language fail", async () => {
    const { sandbox, images } = box.get();
    const image = { name: "python", digest: images.get("python") ?? "" };
    const language: Language = { ...python, version: { ...python.version, parse: () => null } };
    const report = await probeLanguage({ language, image, sandbox, machine: "here", signal });
    expect(report).toMatchObject({ version: null, passed: false });
  });
});
