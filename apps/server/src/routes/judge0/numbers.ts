/** A family of our catalogue, and what Judge0 says of it. */
export interface NumberedFamily {
  readonly family: string;
  /** What stands before the version in a name: "C (GCC 12.2.0)". */
  readonly label: string;
  readonly tool?: string;
  /** The name that Judge0 gives a source; default: our own. */
  readonly sourceFile?: string;
  /**
   * Judge0's numbers and the versions that they mean there, the one that clients know first. A number
   * gets our release of that version where there is one, else the usual one.
   */
  readonly numbers: readonly (readonly [id: number, version: string])[];
}

/**
 * Judge0's numbers, as far as we may ever have their languages: what is missing in the catalogue is not
 * listed. Left out are numbers that mean something else than a language in one version: 43 (plain text),
 * 44 (an executable), 70 (Python 2), 96 (JavaFX).
 */
export const numberedFamilies: readonly NumberedFamily[] = [
  { family: "nasm", label: "Assembly", tool: "NASM ", sourceFile: "main.asm", numbers: [[45, "2.14"]] },
  { family: "bash", label: "Bash", sourceFile: "script.sh", numbers: [[46, "5.0"]] },
  { family: "basic", label: "Basic", tool: "FBC ", sourceFile: "main.bas", numbers: [[47, "1.7"]] },
  {
    family: "c",
    label: "C",
    tool: "GCC ",
    sourceFile: "main.c",
    numbers: [
      [50, "9"],
      [48, "7"],
      [49, "8"],
      [103, "14"],
    ],
  },
  {
    family: "c-clang",
    label: "C",
    tool: "Clang ",
    sourceFile: "main.c",
    numbers: [
      [75, "7"],
      [104, "18"],
      [110, "19"],
    ],
  },
  { family: "csharp", label: "C#", tool: "Mono ", sourceFile: "Main.cs", numbers: [[51, "6.6"]] },
  {
    family: "cpp",
    label: "C++",
    tool: "GCC ",
    sourceFile: "main.cpp",
    numbers: [
      [54, "9"],
      [52, "7"],
      [53, "8"],
      [105, "14"],
    ],
  },
  { family: "cpp-clang", label: "C++", tool: "Clang ", sourceFile: "main.cpp", numbers: [[76, "7"]] },
  { family: "clojure", label: "Clojure", sourceFile: "main.clj", numbers: [[86, "1.10"]] },
  { family: "cobol", label: "COBOL", tool: "GnuCOBOL ", sourceFile: "main.cob", numbers: [[77, "2.2"]] },
  {
    family: "lisp",
    label: "Common Lisp",
    tool: "SBCL ",
    sourceFile: "script.lisp",
    numbers: [[55, "2.0"]],
  },
  { family: "d", label: "D", sourceFile: "main.d", numbers: [[56, "2.89"]] },
  { family: "dart", label: "Dart", numbers: [[90, "2.19"]] },
  { family: "elixir", label: "Elixir", sourceFile: "script.exs", numbers: [[57, "1.9"]] },
  { family: "erlang", label: "Erlang", tool: "OTP ", sourceFile: "main.erl", numbers: [[58, "22"]] },
  { family: "fsharp", label: "F#", sourceFile: "script.fsx", numbers: [[87, "3.1"]] },
  { family: "fortran", label: "Fortran", tool: "GFortran ", sourceFile: "main.f90", numbers: [[59, "9"]] },
  {
    family: "go",
    label: "Go",
    sourceFile: "main.go",
    numbers: [
      [60, "1.13"],
      [95, "1.18"],
      [106, "1.22"],
      [107, "1.23"],
    ],
  },
  { family: "groovy", label: "Groovy", sourceFile: "script.groovy", numbers: [[88, "3.0"]] },
  { family: "haskell", label: "Haskell", tool: "GHC ", sourceFile: "main.hs", numbers: [[61, "8.8"]] },
  {
    family: "java",
    label: "Java",
    tool: "OpenJDK ",
    sourceFile: "Main.java",
    numbers: [
      [62, "13"],
      [91, "17"],
    ],
  },
  {
    family: "javascript",
    label: "JavaScript",
    tool: "Node.js ",
    sourceFile: "script.js",
    numbers: [
      [63, "12"],
      [93, "18"],
      [97, "20"],
      [102, "22"],
    ],
  },
  {
    family: "kotlin",
    label: "Kotlin",
    sourceFile: "Main.kt",
    numbers: [
      [78, "1.3"],
      [111, "2.1"],
    ],
  },
  { family: "lua", label: "Lua", sourceFile: "script.lua", numbers: [[64, "5.3"]] },
  { family: "objective-c", label: "Objective-C", sourceFile: "main.m", numbers: [[79, "7"]] },
  { family: "ocaml", label: "OCaml", sourceFile: "main.ml", numbers: [[65, "4.9"]] },
  { family: "octave", label: "Octave", sourceFile: "script.m", numbers: [[66, "5.1"]] },
  { family: "pascal", label: "Pascal", tool: "FPC ", sourceFile: "main.pas", numbers: [[67, "3.0"]] },
  { family: "perl", label: "Perl", sourceFile: "script.pl", numbers: [[85, "5.28"]] },
  {
    family: "php",
    label: "PHP",
    sourceFile: "script.php",
    numbers: [
      [68, "7.4"],
      [98, "8.3"],
    ],
  },
  { family: "prolog", label: "Prolog", numbers: [[69, "1.4"]] },
  {
    family: "python",
    label: "Python",
    sourceFile: "script.py",
    numbers: [
      [71, "3.8"],
      [92, "3.11"],
      [100, "3.12"],
      [109, "3.13"],
    ],
  },
  {
    family: "r",
    label: "R",
    sourceFile: "script.r",
    numbers: [
      [80, "4.0"],
      [99, "4.4"],
    ],
  },
  { family: "ruby", label: "Ruby", sourceFile: "script.rb", numbers: [[72, "2.7"]] },
  {
    family: "rust",
    label: "Rust",
    sourceFile: "main.rs",
    numbers: [
      [73, "1.40"],
      [108, "1.85"],
    ],
  },
  {
    family: "scala",
    label: "Scala",
    sourceFile: "Main.scala",
    numbers: [
      [81, "2.13"],
      [112, "3.4"],
    ],
  },
  { family: "sql", label: "SQL", tool: "SQLite ", sourceFile: "script.sql", numbers: [[82, "3.27"]] },
  { family: "swift", label: "Swift", sourceFile: "Main.swift", numbers: [[83, "5.2"]] },
  {
    family: "typescript",
    label: "TypeScript",
    sourceFile: "script.ts",
    numbers: [
      [74, "3.7"],
      [94, "5.0"],
      [101, "5.6"],
    ],
  },
  { family: "vb", label: "Visual Basic.Net", sourceFile: "Main.vb", numbers: [[84, "0.0"]] },
];
