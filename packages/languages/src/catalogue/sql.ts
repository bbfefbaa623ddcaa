import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { asArgument, entryPointOf, sourcesOf } from "../sources.ts";

const extensions = [".sql"];
const MiB = 1024 * 1024;

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["main.sql"]);

/** A word of one of the shell's own commands, which reads the escapes of C in it. */
const quoted = (text: string): string => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

// As CSV with each line in quotes: a line then is one value, whatever stands in it, even when it is empty.
const lines = String.raw`"|sed 's/\"/\"\"/g; s/^/\"/; s/$/\"/'"`;

/**
 * What a program finds: a database in memory, the lines of its standard input in the table
 * `stdin (line)` and its arguments in `arguments (argument)`, each in order of `rowid`. Both are
 * temporary tables, so that tables of these names may be made in the database itself.
 */
const preparation = (args: readonly string[]): string[] => [
  "CREATE TEMP TABLE stdin (line TEXT); CREATE TEMP TABLE arguments (argument TEXT);",
  `.import --csv --schema temp ${lines} stdin`,
  ...args.map((argument) => `INSERT INTO temp.arguments VALUES (${literal(argument)});`),
];

export const sql: Language = {
  id: "sql",
  family: "sql",
  release: "3.40",
  name: "SQL (SQLite)",
  aliases: ["sqlite", "sqlite3"],
  image: "sqlite",
  extensions,
  defaultSource: "main.sql",
  highlighting: "sql",
  translation: "interpreted",
  programs: "sql",
  without: {
    threads: "SQL has neither threads nor processes.",
    socket: "SQL has no sockets.",
  },
  entryPoint,
  // A statement can be parsed only when those before it have made the tables that it names.
  compile: () => null,
  compileMinimum: { memoryBytes: 8 * MiB, processes: 1, diskBytes: 64 * 1024 },
  // -init: not the file .sqliterc that may lie among the sources.
  run: (files, args = []) => ({
    argv: [
      "sqlite3",
      "-batch",
      "-bail",
      "-init",
      "/dev/null",
      ...preparation(args).flatMap((command) => ["-cmd", command]),
      ":memory:",
      `.read ${quoted(asArgument(entryPoint(files)))}`,
    ],
    env: environment,
  }),
  // An empty program: 7.9 ms of CPU time at best and 9.5 ms as a rule, in a box on an Intel Xeon; its
  // input comes by way of two processes.
  timing: { factor: 1, offsetMs: 8 },
  overhead: { memoryBytes: 5 * MiB, processes: 2 },
  version: {
    argv: ["sqlite3", "-version"],
    env: environment,
    parse: (stdout) => /^(\d+\.\d+\.\d+) /.exec(stdout)?.[1] ?? null,
  },
};
