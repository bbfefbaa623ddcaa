import { catalogueSandboxOrSkip } from "@assay/testing";
import { afterAll, describe, expect, it } from "vitest";
import { languages } from "../catalogue/index.ts";
import { diagnoseCompilation, diagnoseRun } from "./diagnose.ts";
import { examples } from "./testing/examples/index.ts";
import { filesOf, sayOf } from "./testing/say.ts";

// Small wrong programs, compiled and run for real in boxes of the images that are built.
const box = await catalogueSandboxOrSkip();
afterAll(() => box[Symbol.asyncDispose]());

const whyNot = (id: string): string | null => {
  const image = languages.get(id)?.image;
  if (image === undefined) return "(skipped: not in the catalogue)";
  if (box.skip !== null) return box.skip;
  return box.get().images.has(image) ? null : `(skipped: needs ./assay images build ${image})`;
};

for (const [id, list] of examples) {
  const skip = whyNot(id);
  describe.skipIf(skip !== null)(`the tools of ${id} ${skip ?? ""}`, () => {
    it("say what their messages are taken for", { timeout: 600_000 }, async () => {
      const { sandbox, images } = box.get();
      const language = languages.get(id);
      if (language === undefined) throw new Error(`no language ${id}`);
      const wrong: unknown[] = [];
      for (const example of list) {
        const said = await sayOf(sandbox, images.get(language.image) ?? "", language, example);
        const files = filesOf(language, example);
        const compiled = diagnoseCompilation(language.messages, said.compile ?? "", files);
        const ran = said.run === null ? [] : diagnoseRun(language.messages, said.run, said.run.stderr, files);
        const { code, line, kind = "error" } = example;
        const isFound = [...compiled, ...ran].some(
          (found) => found.code === code && found.line === line && found.kind === kind,
        );
        if (!isFound) wrong.push({ example, said, compiled, ran });
      }
      expect(wrong).toEqual([]);
    });
  });
}
