import { caretColumn, fromTrimmedColumn } from "./columns.ts";
import { classify, refine } from "./parser.ts";
import type { Finding, MessageParser, Sources } from "./parser.ts";
import { pythonRules, pythonSourceRules } from "./rules/python.ts";

interface Frame {
  readonly file: string;
  readonly line: number;
  readonly column: number | null;
}

const framePattern = /^ *File "([^"]{1,400})", line (\d{1,7})/;
const endPattern = /^([A-Za-z_][\w.]{0,200})(?:: ?(.*))?$/;
const warningPattern = /^([^:]{1,400}):(\d{1,7}): (\w{0,40}Warning): (.*)$/;

// py_compile says these without their type and without the line.
const indentationPattern = /^(.{0,200}?inden.{0,200}) \([^()]{1,400}, line (\d{1,7})\)$/;

const indentOfExcerpt = 4;

/** Python shows lines without their indentation, four blanks in, with marks below them. */
const columnOf = (lines: readonly string[], at: number, file: string, line: number, sources: Sources) => {
  const caret = caretColumn(lines[at + 2]);
  const text = lines[at + 1];
  if (caret === null || text === undefined || caret <= indentOfExcerpt) return null;
  return fromTrimmedColumn(sources, file, line, { text, column: caret - indentOfExcerpt });
};

const finding = (frames: readonly Frame[], type: string, said: string, sources: Sources): Finding => {
  const own = frames.findLast(({ file }) => sources.own(file) !== null);
  const message = said === "" ? type : `${type}: ${said}`;
  const file = own === undefined ? null : sources.own(own.file);
  const line = own === undefined || file === null ? null : sources.line(file, own.line);
  return {
    file: own?.file ?? null,
    line: own?.line ?? null,
    column: own?.column ?? null,
    kind: "error",
    message,
    ...refine(pythonSourceRules, classify(pythonRules, message), line),
  };
};

const read = (lines: readonly string[], sources: Sources): readonly Finding[] => {
  const found: Finding[] = [];
  let frames: Frame[] = [];
  /** An exception that another one replaced is not what ended the program. */
  let isReplaced = false;
  for (const [at, text] of lines.entries()) {
    const frame = framePattern.exec(text);
    if (frame !== null) {
      const [, file = "", number = ""] = frame;
      const line = Number(number);
      frames.push({ file, line, column: columnOf(lines, at, file, line, sources) });
      continue;
    }
    if (text.startsWith("Traceback (most recent call last)")) {
      if (isReplaced) found.pop();
      isReplaced = false;
      frames = [];
      continue;
    }
    if (text.startsWith("During handling of the above") || text.startsWith("The above exception was")) {
      isReplaced = true;
      continue;
    }
    const end = frames.length > 0 ? endPattern.exec(text) : null;
    if (end !== null) {
      found.push(finding(frames, end[1] ?? "", end[2] ?? "", sources));
      frames = [];
      continue;
    }
    found.push(...checked(text, sources));
  }
  return found;
};

/** What is said in one line: warnings, and what could not even be read. */
const checked = (text: string, sources: Sources): readonly Finding[] => {
  const warning = warningPattern.exec(text);
  if (warning !== null) {
    const [, file = "", line = "", type = "", said = ""] = warning;
    if (sources.own(file) === null) return [];
    return [{ file, line: Number(line), column: null, kind: "warning", message: `${type}: ${said}` }];
  }
  const colon = text.indexOf(": ");
  const file = colon > 0 ? text.slice(0, colon) : "";
  if (file === "" || sources.own(file) === null) return [];
  const said = text.slice(colon + 2);
  const indentation = indentationPattern.exec(said);
  if (indentation === null)
    return [{ file, line: null, column: null, kind: "error", message: said, code: "python.unreadable" }];
  const [, words = "", line = ""] = indentation;
  const message = `${words.includes("tabs and spaces") ? "TabError" : "IndentationError"}: ${words}`;
  return [
    { file, line: Number(line), column: null, kind: "error", message, ...classify(pythonRules, message) },
  ];
};

export const python: MessageParser = {
  compile: read,
  // What a program says in a line of its own is not ours to read.
  run: (lines, sources) => read(lines, sources).filter(({ code }) => code !== "python.unreadable"),
};
