import type { Language } from "@assay/languages";

const env = { PATH: "/usr/bin:/bin" };

/** A language that the small image of the tests can run. `sh -n` is its compiler. */
export const shell: Language = {
  id: "sh",
  family: "sh",
  release: "1",
  name: "Shell",
  aliases: [],
  image: "test",
  extensions: [".sh"],
  defaultSource: "main.sh",
  highlighting: "shell",
  translation: "checked",
  programs: "bash",
  without: {},
  entryPoint: () => "main.sh",
  compile: (files) => ({
    argv: ["sh", "-n", ...files.filter((file) => file.endsWith(".sh"))],
    env,
    outputs: [],
  }),
  compileMinimum: { memoryBytes: 8 << 20, processes: 1, diskBytes: 64 << 10 },
  run: (_files, args = []) => ({ argv: ["sh", "./main.sh", ...args], env }),
  version: { argv: ["sh", "-c", "true"], env, parse: () => "1" },
};

/** The same without anything that is done before a run. */
export const uncompiledShell: Language = { ...shell, compile: () => null };
