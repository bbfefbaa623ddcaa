import { defaultCompileLimits, defaultRunLimits } from "@assay/contracts";
import { captured, standardStreams } from "@assay/sandbox";
import type { ArtifactId, RunReport } from "@assay/sandbox";
import { catalogueSandboxOrSkip } from "@assay/testing";
import { afterAll, describe, expect, it } from "vitest";
import { java } from "./java.ts";
import type { Command } from "../language.ts";

const box = await catalogueSandboxOrSkip();
afterAll(() => box[Symbol.asyncDispose]());
const digest = box.skip === null ? box.get().images.get("java") : undefined;
const skip = box.skip ?? (digest === undefined ? "(skipped: needs ./assay images build java)" : null);

type Files = Readonly<Record<string, string>>;

const inBox = ({ argv, env }: Command, files: Files, base: ArtifactId | null): Promise<RunReport> => {
  const [program = "", ...args] = argv;
  const keep = base === null;
  return box.get().sandbox.run(
    {
      image: digest ?? "",
      argv: [program, ...args],
      env,
      limits: keep ? defaultCompileLimits : defaultRunLimits,
      fds: standardStreams({ stdin: new Uint8Array(), outputBytes: 65_536, onOutputLimit: "discard" }),
      base,
      files: Object.entries(files).map(([path, text]) => ({ path, mode: 0o644, content: Buffer.from(text) })),
      keep: keep ? { maxBytes: defaultCompileLimits.diskBytes } : null,
      collect: null,
      cpus: null,
      cpuRate: null,
      stopAtProcessLimit: false,
    },
    { signal: null },
  );
};

/** What the program prints, or what the compiler says. */
const outcomeOf = async (files: Files, args: readonly string[] = []): Promise<string> => {
  const names = Object.keys(files);
  const command = java.compile(names);
  if (command === null) throw new Error("java has no compile step");
  const compiled = await inBox(command, files, null);
  if (compiled.artifact === null) return Buffer.from(captured(compiled, 2)).toString();
  const ran = await inBox(java.run(names, args, 256 * 1024 * 1024), {}, compiled.artifact.id);
  return Buffer.from(captured(ran, 1)).toString();
};

const printing = (word: string): string =>
  `public static void main(String[] args) { System.out.println("${word}" + String.join(",", args)); }`;

describe.skipIf(skip !== null)(`Java's driver ${skip ?? ""}`, () => {
  it("takes a public class of any name in any file", async () => {
    expect(await outcomeOf({ "main.java": `public class Solution { ${printing("yes")} }` })).toBe("yes\n");
  });

  it("takes a file that begins with a byte order mark", async () => {
    expect(await outcomeOf({ "Main.java": `\ufeffclass Main { ${printing("yes")} }` })).toBe("yes\n");
  });

  it("starts a class within a package and within another class", async () => {
    const source = `package a.b; class Outer { static class Inner { ${printing("inner")} } }`;
    expect(await outcomeOf({ "x/y.java": source })).toBe("inner\n");
  });

  it("starts what the entry file has, when several could start", async () => {
    const files = {
      "A.java": `public class A { ${printing("A")} }`,
      "Main.java": `public class Main { ${printing("Main")} }`,
      "Z.java": `public class Z { ${printing("Z")} }`,
    };
    expect(await outcomeOf(files)).toBe("Main\n");
  });

  it("takes no file name and no argument for an option or a file of arguments", async () => {
    const files = {
      "@evil.java": `class Evil { static String word() { return "good"; } }`,
      "-Main.java": `class Main { ${printing("").replace('""', "Evil.word()")} }`,
    };
    expect(await outcomeOf(files, ["@.main", "-version", "--"])).toBe("good@.main,-version,--\n");
  });

  it("refuses a program that starts nowhere", async () => {
    expect(await outcomeOf({ "Main.java": "class Main { void main(String[] args) {} }" })).toBe(
      "./Main.java: error: no class has a method main to start at\n",
    );
  });
});
