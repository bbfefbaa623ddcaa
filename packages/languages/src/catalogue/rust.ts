import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { asArgument, entryPointOf, sourcesOf } from "../sources.ts";

const extensions = [".rs"];
const MiB = 1024 * 1024;

const program = "a.out";

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["main.rs", "src/main.rs"]);

const ofRelease = (id: string, release: string, image: string): Language => ({
  id,
  family: "rust",
  release,
  name: id === "rust" ? "Rust" : `Rust ${release}`,
  aliases: ["rs", "rustc"],
  image,
  extensions,
  defaultSource: "main.rs",
  highlighting: "rust",
  translation: "compiled",
  programs: "rust",
  without: {},
  entryPoint,
  // The compiler follows `mod` to the other files by itself. Static as in C: the box starts it faster.
  compile: (files, options = []) => ({
    argv: [
      "rustc",
      "--edition=2021",
      "--crate-name=main",
      "--crate-type=bin",
      "-O",
      "-Ctarget-feature=+crt-static",
      "-Cstrip=symbols",
      ...options,
      "-o",
      program,
      asArgument(entryPoint(files)),
    ],
    env: environment,
    outputs: [program],
  }),
  compileMinimum: { memoryBytes: 256 * MiB, processes: 24, diskBytes: 32 * MiB },
  run: (_files, args = []) => ({ argv: [asArgument(program), ...args], env: environment }),
  messages: "rustc",
  version: {
    argv: ["rustc", "--version"],
    env: environment,
    parse: (stdout) => /^rustc (\d+\.\d+\.\d+)\b[^\n]*\n$/.exec(stdout)?.[1] ?? null,
  },
});

export const rust = ofRelease("rust", "1.96", "rust");
export const rust163 = ofRelease("rust@1.63", "1.63", "rust-1.63");
