import { environment } from "../environment.ts";
import type { Language } from "../language.ts";
import { asArgument, entryPointOf, sourcesOf } from "../sources.ts";

const extensions = [".sql"];
const MiB = 1024 * 1024;

const entryPoint = (files: readonly string[]): string =>
  entryPointOf(sourcesOf(files, extensions), ["main.sql"]);

/** A word of one of the shell's own commands, which reads the escapes of C in it. */
const quoted = (text: string): string => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

// As CSV with each line in quotes: a line then is one value, whatever stands in it, even when it is empty.
const readLines = String.raw`.import --csv --schema temp "|sed 's/\"/\"\"/g; s/^/\"/; s/$/\"/'" stdin`;

/**
 * What a program finds: a database in memory, the lines of its standard input in the table
 * `stdin (line)` and its arguments in `arguments (argument)`, each in order of `rowid`. Both are
 * temporary tables, so that tables of these names may be made in the database itself.
 *
 * -init: not the file .sqliterc that may lie among the sources.
 */
const start = `read=$1 program=$2
shift 2
for word; do
  shift
  literal=$(printf '%s.' "$word" | sed "s/'/''/g")
  set -- "$@" -cmd "INSERT INTO temp.arguments VALUES ('\${literal%.}');"
done
exec sqlite3 -batch -bail -init /dev/null \
  -cmd 'CREATE TEMP TABLE stdin (line TEXT); CREATE TEMP TABLE arguments (argument TEXT);' \
  -cmd "$read" "$@" :memory: "$program"`;

const sqlOf = (own: Pick<Language, "id" | "release" | "image">): Language => ({
  ...own,
  family: "sql",
  name: "SQL (SQLite)",
  aliases: ["sqlite", "sqlite3"],
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
  run: (files, args = []) => ({
    argv: [
      "sh",
      "-c",
      start,
      "sqlite3",
      readLines,
      `.read ${quoted(asArgument(entryPoint(files)))}`,
      ...args,
    ],
    env: environment,
  }),
  timing: { factor: 1, offsetMs: 5 },
  // Its input comes by way of two processes.
  overhead: { memoryBytes: 2 * MiB, processes: 2 },
  version: {
    argv: ["sqlite3", "-version"],
    env: environment,
    parse: (stdout) => /^(\d+\.\d+\.\d+) /.exec(stdout)?.[1] ?? null,
  },
});

export const sql: Language = sqlOf({ id: "sql", release: "3.40", image: "sqlite" });

export const sql346: Language = sqlOf({ id: "sql@3.46", release: "3.46", image: "sqlite-3.46" });
