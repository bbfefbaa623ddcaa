import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { languages } from "../catalogue/index.ts";
import type { Language } from "../language.ts";
import { diagnoseCompilation, diagnoseRun } from "./diagnose.ts";
import { examples } from "./testing/examples/index.ts";
import { filesOf } from "./testing/say.ts";
import type { Said } from "./testing/say.ts";
import { explain, explanations, placeholdersOf } from "./explain.ts";

// What the real tools said, recorded by testing/record.ts: read here without a box.
const directory = join(import.meta.dirname, "testing", "recorded");

const recorded = async (id: string): Promise<readonly (Said & { readonly code: string })[]> =>
  JSON.parse(await readFile(join(directory, `${id}.json`), "utf8"));

const get = (id: string): Language => {
  const language = languages.get(id);
  if (language === undefined) throw new Error(`no language ${id}`);
  return language;
};

const ids = (await readdir(directory)).map((name) => name.replace(/\.json$/, ""));

describe.each(ids)("recorded messages of %s", (id) => {
  const language = get(id);
  const list = examples.get(id) ?? [];

  it("are there for every example", async () => {
    const codes = (await recorded(id)).map(({ code }) => code);
    expect(codes).toEqual(list.map(({ code }) => code));
  });

  it.each(list.map((example, index) => ({ ...example, example, index })))(
    "$code",
    async ({ code, line, kind = "error", example, index }) => {
      const said = (await recorded(id))[index];
      const files = filesOf(language, example);
      const compiled = diagnoseCompilation(language.messages, said?.compile ?? "", files);
      const run = said?.run ?? null;
      const ran = run === null ? [] : diagnoseRun(language.messages, run, run.stderr, files);
      const found = [...compiled, ...ran].find((diagnostic) => diagnostic.code === code);
      expect(found).toMatchObject({ code, line, kind });
      if (found === undefined) return;
      expect(line === null ? null : found.file).toBe(line === null ? null : files[0]?.path);
      expect(explain(found, "en").explanation !== null).toBe(explanations.en.has(code));
      // Every argument that the text names is found in the message.
      const { explanation = "", hint = "" } = explanations.en.get(code) ?? {};
      for (const name of placeholdersOf(explanation + hint)) expect(found.args).toHaveProperty(name);
    },
  );
});

it("reaches every explained code by a real error", () => {
  const reached = new Set([...examples.values()].flat().map(({ code }) => code));
  expect([...explanations.en.keys()].filter((code) => !reached.has(code))).toEqual([]);
});

it("explains every common code of Python, C, C++, Java and JavaScript", () => {
  const common = ["python", "c", "cpp", "java", "javascript"].flatMap((id) => examples.get(id) ?? []);
  expect(common.map(({ code }) => code).filter((code) => !explanations.en.has(code))).toEqual([]);
});
