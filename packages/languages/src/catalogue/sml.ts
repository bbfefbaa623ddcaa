import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { asArgument, entryPointOf, extensionOf, sourcesOf } from "../sources.ts";

const extensions = [".sml", ".sig", ".fun"];
const MiB = 1024 * 1024;

const order = [".sig", ".fun"];

const rank = (path: string): number => {
  const place = order.indexOf(extensionOf(path));
  return place === -1 ? order.length : place;
};

/** Signatures, then functors, then the rest as it was sent; what starts comes last. */
const inOrder = (files: readonly string[]): readonly [string, ...string[]] => {
  const sources = sourcesOf(files, extensions);
  const programs = sources.filter((path) => !order.includes(extensionOf(path)));
  const entry = entryPointOf([programs[0] ?? sources[0], ...programs], ["main.sml"]);
  const others = sources.filter((path) => path !== entry).toSorted((a, b) => rank(a) - rank(b));
  const [first, ...rest] = [...others, entry];
  return [first ?? entry, ...rest];
};

const entryPoint = (files: readonly string[]): string => inOrder(files).at(-1) ?? "";

/** A literal of the language, in ASCII only. */
const literal = (text: string): string =>
  `"${[...Buffer.from(text)].map((byte) => `\\${String(byte).padStart(3, "0")}`).join("")}"`;

const list = (texts: readonly string[]): string => `[${texts.map(literal).join(", ")}]`;

// Instead of `use`, which writes what is wrong with a program to its standard output. A byte beyond ASCII
// becomes its escape, with which it may stand in a string.
const start = (args: readonly string[], paths: readonly string[]): string => `
structure CommandLine = struct fun name () = "main" fun arguments () : string list = ${list(args)} end;
val () =
  let
    fun complain text = TextIO.output (TextIO.stdErr, text)
    fun load path =
      let
        val stream = TextIO.openIn path
        val line = ref 1
        val pending = ref ([] : char list)
        fun next () =
          case !pending of
            first :: others => (pending := others; SOME first)
          | [] =>
              case TextIO.input1 stream of
                SOME #"\\n" => (line := !line + 1; SOME #"\\n")
              | SOME letter =>
                  if ord letter < 128 then SOME letter
                  else (pending := explode (Int.toString (ord letter)); SOME #"\\\\")
              | NONE => NONE
        fun declarations () =
          if null (!pending) andalso TextIO.endOfStream stream then ()
          else
            (PolyML.compiler (next,
               [PolyML.Compiler.CPOutStream complain, PolyML.Compiler.CPFileName path,
                PolyML.Compiler.CPLineNo (fn () => !line)]) ();
             declarations ())
      in declarations (); TextIO.closeIn stream end
  in
    List.app load ${list(paths)}
    handle Fail "Static Errors" => OS.Process.exit OS.Process.failure
         | problem =>
             (complain ("uncaught exception " ^ exnMessage problem ^ "\\n");
              OS.Process.exit OS.Process.failure);
    OS.Process.exit OS.Process.success
  end;
`;

/** What a box has when nobody says. */
const usualMemory = 512 * MiB;

export const sml: Language = {
  id: "sml",
  family: "sml",
  release: "5.7",
  name: "Standard ML (Poly/ML)",
  aliases: ["polyml", "standard-ml", "poly"],
  image: "sml",
  extensions,
  defaultSource: "main.sml",
  highlighting: "standard ml",
  translation: "interpreted",
  programs: "sml",
  without: {},
  entryPoint,
  // A program's declarations take effect as they are compiled: it can't be checked without running it.
  compile: () => null,
  compileMinimum: { memoryBytes: 64 * MiB, processes: 4, diskBytes: MiB },
  run: (files, args = [], memoryBytes = usualMemory) => ({
    argv: [
      "poly",
      "-q",
      "--error-exit",
      "--gcthreads",
      "1",
      "--maxheap",
      String(Math.max(16, Math.floor((memoryBytes / MiB) * 0.8))),
      "--eval",
      start(args, inOrder(files).map(asArgument)),
    ],
    env: environment,
  }),
  timing: { factor: 1, offsetMs: 20 },
  // An empty program: 22 MB and 4 threads.
  overhead: { memoryBytes: 24 * MiB, processes: 3 },
  version: {
    argv: ["poly", "-v"],
    env: environment,
    parse: (stdout) => /^Poly\/ML (\d+\.\d+(?:\.\d+)?) [^\n]*\n$/.exec(stdout)?.[1] ?? null,
  },
};
