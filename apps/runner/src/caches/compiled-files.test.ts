import { mkdir, readFile, readdir, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { defaultCompileLimits, defaultRunLimits } from "@assay/contracts";
import { compileCaches, executeProgram } from "@assay/judging";
import type { Language } from "@assay/languages";
import { sandboxOrSkip, temporaryDirectory } from "@assay/testing";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { CompiledFiles } from "./compiled-files.ts";

const box = await sandboxOrSkip({ slots: 1 });
afterAll(() => box[Symbol.asyncDispose]());

const environment = { PATH: "/usr/bin:/bin" };

/** Its compiler is what the first line of a source says, and what it leaves is a program. */
const copying: Language = {
  id: "copying",
  family: "copying",
  release: "1",
  name: "Copying",
  aliases: [],
  image: "tiny",
  extensions: [".sh"],
  defaultSource: "main.sh",
  highlighting: "shell",
  translation: "compiled",
  programs: "bash",
  without: {},
  entryPoint: () => "main.sh",
  compile: () => ({
    argv: ["sh", "-c", 'read -r _ command < main.sh; eval "$command"'],
    env: environment,
    outputs: ["out/program"],
  }),
  compileMinimum: { memoryBytes: 0, processes: 8, diskBytes: 0 },
  run: () => ({ argv: ["sh", "./out/program"], env: environment }),
  version: { argv: ["true"], env: environment, parse: () => "1" },
};

const plain = "# mkdir out && cp main.sh out/program\necho hello\n";

/** A runner's life between two starts. */
const life = async (directory: string, organization: string, source: string, maxBytes = 1e6) => {
  const { sandbox, image } = box.get();
  await using store = await CompiledFiles.open({ directory, maxBytes });
  const compiled = compileCaches(sandbox, { maxEntries: 9, maxBytes: 1e6, platform: "1", store });
  const result = await executeProgram({
    files: [{ path: "main.sh", content: source }],
    dataFiles: [],
    args: [],
    stdin: new Uint8Array(),
    limits: defaultRunLimits,
    stopAtProcessLimit: true,
    language: copying,
    sandbox,
    compiled: compiled.of(organization),
    provenance: {
      image: { name: "tiny", digest: image },
      language: { id: "copying", version: "1" },
      runner: "test",
    },
    signal: new AbortController().signal,
    onEvent: () => undefined,
  });
  return { cached: result.compile?.cached, stdout: result.stdout.text, report: result.compile };
};
const fresh = { cached: false, stdout: "hello\n" };
const again = { cached: true, stdout: "hello\n" };

describe.skipIf(box.skip !== null)(`compiled programs on disk ${box.skip ?? ""}`, () => {
  afterEach(() => box.get().sandbox.forget("all"));

  test("outlive runner and sandbox, each for its own organization", async () => {
    await using directory = await temporaryDirectory();
    const first = await life(directory.path, "one", plain);
    expect(first).toMatchObject(fresh);
    await box.get().sandbox.forget("all");
    const second = await life(directory.path, "one", plain);
    expect(second).toMatchObject(again);
    expect(second.report).toEqual({ ...first.report, cached: true });
    expect(await life(directory.path, "other", plain)).toMatchObject(fresh);
    expect(await readdir(directory.path)).toHaveLength(2);
    expect((await stat(directory.path)).mode & 0o777).toBe(0o700);
  });

  test("are compiled again when a byte of them is another", async () => {
    await using directory = await temporaryDirectory();
    await life(directory.path, "one", plain);
    const [name = ""] = await readdir(directory.path);
    const path = join(directory.path, name);
    const whole = await readFile(path);
    for (const at of [0, 70, whole.length - 4]) {
      const broken = Buffer.from(whole);
      broken[at] = (broken[at] ?? 0) ^ 1;
      await writeFile(path, broken);
      expect(await life(directory.path, "one", plain), `byte ${at}`).toMatchObject(fresh);
    }
    for (const torn of [whole.subarray(0, whole.length - 1), whole.subarray(0, 30), Buffer.alloc(0)]) {
      await writeFile(path, torn);
      expect(await life(directory.path, "one", plain)).toMatchObject(fresh);
    }
    expect(await life(directory.path, "one", plain)).toMatchObject(again);
  });

  test("are not taken for those of another key", async () => {
    await using directory = await temporaryDirectory();
    await life(directory.path, "one", plain);
    const [mine = ""] = await readdir(directory.path);
    const other = plain.replace("hello", "other");
    await life(directory.path, "one", other);
    const theirs = (await readdir(directory.path)).find((name) => name !== mine) ?? "";
    await writeFile(join(directory.path, mine), await readFile(join(directory.path, theirs)));
    expect(await life(directory.path, "one", plain)).toMatchObject(fresh);
  });

  test.each([
    ["leaves more than it says", ": >more; "],
    ["changes a source", "echo >>main.sh; "],
    ["leaves a directory", "mkdir empty; "],
    ["leaves a link", "ln -s main.sh link; "],
  ])("are not kept of a compiler that %s", async (_, command) => {
    await using directory = await temporaryDirectory();
    const source = plain.replace("# ", `# ${command}`);
    for (let start = 0; start < 2; start++)
      expect(await life(directory.path, "one", source)).toMatchObject({ cached: false });
    expect(await readdir(directory.path)).toEqual([]);
  });

  test("keep to a size, without those that were used longest ago, and without what is not theirs", async () => {
    await using directory = await temporaryDirectory();
    await life(directory.path, "a", plain);
    const [first = ""] = await readdir(directory.path);
    const { size } = await stat(join(directory.path, first));
    await utimes(join(directory.path, first), 1000, 1000);
    await writeFile(join(directory.path, ".unfinished"), "x");
    await mkdir(join(directory.path, "directory"));
    const most = Math.floor(size * 2.5);
    await life(directory.path, "b", plain, most);
    expect(await readdir(directory.path)).toHaveLength(2);
    await life(directory.path, "c", plain, most);
    const left = await readdir(directory.path);
    expect(left).toHaveLength(2);
    expect(left).not.toContain(first);
    expect(await life(directory.path, "b", plain, 0)).toMatchObject(fresh);
    expect(await readdir(directory.path)).toEqual([]);
  });

  test("are left out where they can't be written", async () => {
    await using directory = await temporaryDirectory();
    await using store = await CompiledFiles.open({ directory: directory.path, maxBytes: 1000 });
    const report = {
      succeeded: true,
      output: "",
      cached: false,
      diagnostics: [],
      outcome: (await life(directory.path, "x", plain)).report?.outcome,
    };
    if (report.outcome === undefined) throw new Error("it compiles");
    const kept = { report: { ...report, outcome: report.outcome }, outputs: [] };
    store.write("../escape", kept);
    store.write("a".repeat(64), { ...kept, outputs: [{ path: "a", content: new Uint8Array(501) }] });
    await store.written();
    expect(await store.read("../escape")).toBeNull();
    expect(await store.read("a".repeat(64))).toBeNull();
    expect(defaultCompileLimits.diskBytes).toBeGreaterThan(store.maxEntryBytes);
  });
});
