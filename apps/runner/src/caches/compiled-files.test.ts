import { mkdir, readFile, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { defaultRunLimits } from "@assay/contracts";
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

  test("are put back with every file, directory and mode that the compiler left", async () => {
    await using directory = await temporaryDirectory();
    const deep = `out/${"d".repeat(120)}/${"e".repeat(120)}`;
    const inner = "'a b/Outer$Inner.class'";
    const commands = [
      `mkdir -p 'a b' ${deep} void/in -- -void && cp main.sh out/program && : >${deep}/empty`,
      `echo 1 >${inner} && echo 2 >"$(printf 'new\\nline"\\\\')"`,
      `chmod 751 out/program && chmod 400 ${inner} && chmod 666 new*`,
    ];
    const source = `# ${commands.join(" && ")}\nls -lRgG --time-style=+ . && cat ${inner} new*\n`;
    const first = await life(directory.path, "one", source);
    expect(first).toMatchObject({ cached: false, stdout: expect.stringMatching(/Outer.Inner[^]*1\n2\n$/) });
    await box.get().sandbox.forget("all");
    expect(await life(directory.path, "one", source)).toMatchObject({ cached: true, stdout: first.stdout });
  });

  test.each([
    ["changes a source and not its size", "tr a-z b-za <main.sh >x; cat x >main.sh; rm x"],
    ["makes another file of a source", "cp main.sh main.c; rm main.sh"],
    ["changes a source's mode", "chmod 600 main.sh"],
    ["leaves a directory of its own mode", "mkdir -m 700 own; : >own/file"],
    ["leaves a link", "ln -s main.sh link"],
    ["leaves a pipe", "mkfifo pipe"],
    ["leaves what it can't read itself", ": >secret; chmod 0 secret"],
    ["leaves a name that is not UTF-8", ": >$(printf '\\377')"],
    ["leaves very many files", "mkdir n; i=0; while [ $i -lt 1024 ]; do : >n/$i; i=$((i+1)); done"],
    ["leaves more than a share of the disk", "head -c 600000 /dev/zero >zeros"],
  ])("are not kept of a compiler that %s", async (_, command) => {
    await using directory = await temporaryDirectory();
    const source = `# mkdir out && cp main.sh out/program; ${command}\necho hello\n`;
    expect((await life(directory.path, "one", source)).report).toMatchObject({ succeeded: true });
    expect(await readdir(directory.path)).toEqual([]);
  });

  test("are not kept of a compiler that fails or is killed when all is made", async () => {
    await using directory = await temporaryDirectory();
    for (const end of ["exit 1", "kill -9 $$"]) {
      const source = `# mkdir out && cp main.sh out/program; ${end}\necho hello\n`;
      expect((await life(directory.path, "one", source)).report).toMatchObject({ succeeded: false });
    }
    expect(await readdir(directory.path)).toEqual([]);
  });

  test("are compiled again where the sandbox does not take what was kept", async () => {
    await using directory = await temporaryDirectory();
    const { report } = await life(directory.path, "one", plain);
    const [key = ""] = await readdir(directory.path);
    if (report === null || report === undefined) throw new Error("it compiles");
    await using store = await CompiledFiles.open({ directory: directory.path, maxBytes: 1e6 });
    const file = { path: "../escape", mode: 0o644, content: new Uint8Array(1) };
    const made = { files: [file], emptyDirectories: [] };
    store.write(key, Promise.resolve({ report, made }));
    await store.written();
    expect(await store.read(key)).toMatchObject({ made: { files: [{ path: "../escape" }] } });
    expect(await life(directory.path, "one", plain)).toMatchObject(fresh);
    expect(await life(directory.path, "one", plain)).toMatchObject(again);
  });

  test("keep to a size, without those that were used longest ago, and without what is not theirs", async () => {
    await using directory = await temporaryDirectory();
    await life(directory.path, "a", plain);
    const [first = ""] = await readdir(directory.path);
    await utimes(join(directory.path, first), 1000, 1000);
    await writeFile(join(directory.path, ".unfinished"), "x");
    await mkdir(join(directory.path, "f".repeat(64)));
    const most = 2 * 4096 + 4000;
    await life(directory.path, "b", plain, most);
    expect(await readdir(directory.path)).toHaveLength(2);
    await life(directory.path, "c", plain, most);
    const left = await readdir(directory.path);
    expect(left).toHaveLength(2);
    expect(left).not.toContain(first);
    expect(await life(directory.path, "b", plain, 0)).toMatchObject(fresh);
    expect(await readdir(directory.path)).toEqual([]);
  });

  test("of several stores in one directory serve each, and keep to its size together", async () => {
    await using directory = await temporaryDirectory();
    const { report } = await life(directory.path, "x", plain);
    if (report === null || report === undefined) throw new Error("it compiles");
    const options = { directory: directory.path, maxBytes: 5 * 4096 };
    await using one = await CompiledFiles.open(options);
    await using other = await CompiledFiles.open(options);
    const kept = Promise.resolve({ report, made: { files: [], emptyDirectories: [] } });
    const keys = Array.from({ length: 12 }, (_, index) => index.toString(16).repeat(64));
    for (const [index, key] of keys.entries()) (index % 2 === 0 ? one : other).write(key, kept);
    await Promise.all([one.written(), other.written()]);
    const left = await readdir(directory.path);
    expect(left.length).toBeGreaterThan(0);
    expect(left.length).toBeLessThanOrEqual(5);
    for (const key of left)
      expect([await one.read(key), await other.read(key)]).toMatchObject([{ report }, { report }]);
  });

  test("are left out where they can't be written", async () => {
    await using directory = await temporaryDirectory();
    await using store = await CompiledFiles.open({ directory: directory.path, maxBytes: 1e5 });
    const { report } = await life(directory.path, "x", plain);
    if (report === null || report === undefined) throw new Error("it compiles");
    const kept = { report, made: { files: [], emptyDirectories: [] } };
    const large = { path: "a", mode: 0o644, content: new Uint8Array(50_001) };
    store.write("../escape", Promise.resolve(kept));
    store.write("a".repeat(64), Promise.resolve({ report, made: { ...kept.made, files: [large] } }));
    store.write(
      "b".repeat(64),
      Promise.resolve({ ...kept, report: { ...report, output: "x".repeat(50_001) } }),
    );
    store.write("c".repeat(64), Promise.reject(new Error("the sandbox went away")));
    store.write("d".repeat(64), Promise.resolve(null));
    await store.written();
    expect(await readdir(directory.path)).toHaveLength(1);
    expect(await store.read("../escape")).toBeNull();
    await rm(directory.path, { recursive: true });
    store.write("e".repeat(64), Promise.resolve(kept));
    await store.written();
    expect(await store.read("e".repeat(64))).toBeNull();
  });
});
