import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { layerDifference, shareFiles } from "./layers.ts";
import { readTree } from "./tree.ts";

const line = (type: string, path: string, content = "-", mode = "0755"): string =>
  `${type} ${mode} 0 0 ${content === "-" ? 0 : 1} ${content} ${path}`;
const tree = (...lines: string[]): string => ["assay-tree 1", line("d", "."), ...lines, ""].join("\n");
const difference = (lower: string | null, upper: string): { added: string[]; removed: readonly string[] } => {
  const { added, removed } = layerDifference(lower, upper);
  return { added: added.map(({ type, path }) => `${type} ${path}`), removed };
};

describe("the difference of two trees", () => {
  const lower = tree(
    line("d", "bin"),
    line("f", "bin/a", "1"),
    line("f", "bin/b", "2"),
    line("d", "etc"),
    line("d", "etc/deep"),
    line("f", "etc/deep/x", "3"),
  );

  it("is everything upon nothing, and nothing upon itself", () => {
    expect(difference(null, lower).added).toHaveLength(7);
    expect(difference(null, lower).removed).toEqual([]);
    expect(difference(lower, lower)).toEqual({ added: [], removed: [] });
  });

  it.each<[string, string, { added: string[]; removed: string[] }]>([
    [
      "a changed content, mode, new file and new link",
      tree(
        line("d", "bin"),
        line("f", "bin/a", "9"),
        line("f", "bin/b", "2", "0644"),
        line("l", "bin/c", "5"),
        line("d", "etc"),
        line("d", "etc/deep"),
        line("f", "etc/deep/x", "3"),
      ),
      { added: ["f bin/a", "f bin/b", "l bin/c"], removed: [] },
    ],
    [
      "a file that is gone",
      tree(
        line("d", "bin"),
        line("f", "bin/b", "2"),
        line("d", "etc"),
        line("d", "etc/deep"),
        line("f", "etc/deep/x", "3"),
      ),
      { added: [], removed: ["bin/a"] },
    ],
    [
      "a directory that is gone, with all that was in it",
      tree(line("d", "bin"), line("f", "bin/a", "1"), line("f", "bin/b", "2")),
      { added: [], removed: ["etc"] },
    ],
    [
      "a directory that became a link",
      tree(line("d", "bin"), line("f", "bin/a", "1"), line("f", "bin/b", "2"), line("l", "etc", "7")),
      { added: ["l etc"], removed: [] },
    ],
    [
      "a file that became a directory",
      tree(
        line("d", "bin"),
        line("d", "bin/a"),
        line("f", "bin/a/x", "1"),
        line("f", "bin/b", "2"),
        line("d", "etc"),
        line("d", "etc/deep"),
        line("f", "etc/deep/x", "3"),
      ),
      { added: ["d bin/a", "f bin/a/x"], removed: [] },
    ],
  ])("has %s", (_, upper, expected) => {
    expect(difference(lower, upper)).toEqual(expected);
  });

  it("keeps names that are not words", () => {
    const upper = tree(line("f", "a%20b%0A%FF", "1"));
    expect(layerDifference(null, upper).added[1]?.path).toBe("a b\n\u00ff");
  });
});

const ino = (root: string, path: string): number => statSync(join(root, path)).ino;

describe("files of two trees", () => {
  let directory = "";
  let lower = "";
  let upper = "";
  const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "assay-layers-"));
    [lower, upper] = [join(directory, "lower"), join(directory, "upper")];
    for (const root of [lower, upper]) {
      mkdirSync(join(root, "sub"), { recursive: true });
      writeFileSync(join(root, "same"), "same");
      writeFileSync(join(root, "differs"), root);
      writeFileSync(join(root, "empty"), "");
      symlinkSync("same", join(root, "link"));
    }
    writeFileSync(join(upper, "sub/elsewhere"), "same");
    writeFileSync(join(upper, "sub/program"), "same", { mode: 0o755 });
    writeFileSync(Buffer.from(`${upper}/sub/\u00fc`), "same");
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const share = async (): Promise<number> => {
    const [below, above] = [await readTree(lower, { owner }), await readTree(upper, { owner })];
    const bytes = await shareFiles(
      { text: below.text, root: lower },
      { text: above.text, root: upper },
      join(directory, "link"),
    );
    expect((await readTree(upper, { owner })).digest).toBe(above.digest);
    expect((await readTree(lower, { owner })).digest).toBe(below.digest);
    return bytes;
  };

  it("are one file where they are equal, under whatever name, and else not", async () => {
    expect(await share()).toBe(12);
    for (const path of ["same", "sub/elsewhere", "sub/\u00fc"])
      expect(ino(upper, path)).toBe(ino(lower, "same"));
    for (const path of ["differs", "empty"]) expect(ino(upper, path)).not.toBe(ino(lower, path));
    expect(ino(upper, "sub/program")).not.toBe(ino(lower, "same"));
    expect(await share()).toBe(0);
  });
});
