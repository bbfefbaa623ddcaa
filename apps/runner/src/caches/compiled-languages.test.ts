import { defaultRunLimits } from "@assay/contracts";
import type { SourceFile } from "@assay/contracts";
import { compileCaches, executeProgram } from "@assay/judging";
import { languageById } from "@assay/languages";
import { catalogueSandboxOrSkip, temporaryDirectory } from "@assay/testing";
import { afterAll, describe, expect, test } from "vitest";
import { CompiledFiles } from "./compiled-files.ts";

const box = await catalogueSandboxOrSkip({ slots: 1 });
afterAll(() => box[Symbol.asyncDispose]());

/** A real compiler takes a while on a busy machine. */
const patient = 240_000;

/** A runner's life between two starts, in a sandbox that knows nothing of the one before. */
const life = async (directory: string, id: string, files: SourceFile[]) => {
  const { sandbox, images } = box.get();
  const language = languageById(id);
  const image = language === null ? undefined : images.get(language.image);
  if (language === null || image === undefined) throw new Error(`no image for ${id}`);
  await sandbox.forget("all");
  await using store = await CompiledFiles.open({ directory, maxBytes: 1e9 });
  const compiled = compileCaches(sandbox, { maxEntries: 9, maxBytes: 1e9, platform: "1", store });
  const { compile, stdout, stderr } = await executeProgram({
    files,
    dataFiles: [],
    args: [],
    stdin: new Uint8Array(),
    limits: defaultRunLimits,
    stopAtProcessLimit: true,
    language,
    sandbox,
    compiled: compiled.of("one"),
    provenance: {
      image: { name: language.image, digest: image },
      language: { id, version: "" },
      runner: "test",
    },
    signal: new AbortController().signal,
    onEvent: () => undefined,
  });
  return { cached: compile?.cached, output: compile?.output, stdout: stdout.text, stderr: stderr.text };
};

const java = [
  {
    path: "Main.java",
    content: `import geometry.shapes.Circle;
public class Main {
  interface Named { String name(); }
  static class Inner implements Named { public String name() { return new Object() { public String toString() { return "anonymous"; } }.toString(); } }
  public static void main(String[] args) {
    System.out.println(new Inner().name() + " " + new Circle.Größe(2).area());
  }
}
class Beside {}
`,
  },
  {
    path: "geometry/shapes/Circle.java",
    content: `package geometry.shapes;
public class Circle {
  public record Größe(int radius) { public int area() { return 3 * radius * radius; } }
}
`,
  },
];
const python = [
  { path: "main.py", content: "import other\nprint(other.word)\n" },
  { path: "other.py", content: "word = 'hello'\n" },
];

describe.skipIf(box.skip !== null)(`compiled programs of real languages on disk ${box.skip ?? ""}`, () => {
  test.each([
    ["java", "classes in packages and in classes", java, "anonymous 12\n"],
    ["python", "a directory of bytecode", python, "hello\n"],
  ])(
    "%s: %s",
    async (id, _, files, stdout) => {
      await using directory = await temporaryDirectory();
      const first = await life(directory.path, id, files);
      expect(first).toEqual({ cached: false, output: "", stdout, stderr: "" });
      expect(await life(directory.path, id, files)).toEqual({ ...first, cached: true });
    },
    patient,
  );
});
