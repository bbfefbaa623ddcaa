import { fromByteColumn, fromDisplayColumn } from "./columns.ts";
import { classify, kindOf } from "./parser.ts";
import type { Finding, MessageParser, Sources } from "./parser.ts";
import { cRules, cRunRules } from "./rules/c.ts";
import { cppRules } from "./rules/cpp.ts";

const rules = [...cRules, ...cppRules];

// GCC and Clang: file:line:column: kind: message. The column may be missing.
const messagePattern = /^([^:]{1,400}):(\d{1,7}):(?:(\d{1,7}):)? (fatal error|error|warning|note): (.*)$/;
/** Where the code of a library was asked for by the submission. */
const requiredPattern = /^([^:]{1,400}):(\d{1,7}):(\d{1,7}): {2,}required from here/;
const includedPattern = /^(?:In file included from| {16,}from) ([^:]{1,400}):(\d{1,7})(?::\d{1,7})?[:,]$/;
// The linker names an object file and what it was made of: main.c:(.text+0x5): undefined reference to `f'
const linkerPattern = /((?:undefined reference to|multiple definition of) [`'‘].{1,300})$/;
const linkerPlace = /(?:^|[ :])([^ :]{1,400}):(?:(\d{1,7})|\(\.[\w.+]{1,80}\)): (?:undefined|multiple)/;
/** `collect2: error: ld returned 1 exit status`: said after what was wrong. */
const summaryPattern = /^(?:collect2|clang)\S{0,20}: error: /;
/** The end of a message, `[-Wformat=]`, names the switch that asked for it. */
const switchPattern = / \[-(?:W[\w=+-]{1,60}|fpermissive)\]$/;
/** A note that names the header which the message before it lacks. */
const headerPatterns = [
  /^[‘'](?:std::)?(?<name>[^’']{1,100})[’'] is defined in header [‘']<(?<header>[^>]{1,60})>[’']/,
  /^include (?:the header )?[‘']?<(?<header>[^>]{1,60})>[’']? or (?:explicitly )?provide a declaration (?:of|for) [‘'](?<name>[^’']{1,100})[’']/,
];

interface Place {
  readonly file: string;
  readonly line: number;
}

const linked = (said: string, text: string): Finding => {
  const place = linkerPlace.exec(text);
  return {
    file: place?.[1] ?? null,
    line: place?.[2] === undefined ? null : Number(place[2]),
    column: null,
    kind: "error",
    message: said,
    ...classify(rules, said),
  };
};

/** The message that a note belongs to is the last that is none. */
const addHeader = (found: Finding[], note: string): void => {
  const groups = headerPatterns.map((pattern) => pattern.exec(note)?.groups).find(Boolean);
  const at = found.findLastIndex(({ kind }) => kind !== "note");
  const before = found[at];
  const name = groups?.["name"];
  if (before === undefined || name === undefined || before.args?.["name"] !== name) return;
  found[at] = { ...before, code: "c.missing-include", args: { name, header: groups?.["header"] ?? "" } };
};

const compile = (
  lines: readonly string[],
  sources: Sources,
  columnOf: typeof fromDisplayColumn,
): readonly Finding[] => {
  const found: Finding[] = [];
  // A message within a library's header: the submission's line that led there is told before it.
  let asked: Place | null = null;
  for (const text of lines) {
    const leading = requiredPattern.exec(text) ?? includedPattern.exec(text);
    if (leading !== null) {
      const [, file = "", line = ""] = leading;
      if (sources.own(file) !== null) asked = { file, line: Number(line) };
      continue;
    }
    const message = messagePattern.exec(text);
    if (message !== null) {
      const [, file = "", number = "", column, kind = "", said = ""] = message;
      const line = Number(number);
      const isOwn = sources.own(file) !== null;
      const cleaned = said.replace(switchPattern, "");
      found.push({
        file: isOwn ? file : (asked?.file ?? null),
        line: isOwn ? line : (asked?.line ?? null),
        column: !isOwn || column === undefined ? null : columnOf(sources, file, line, Number(column)),
        kind: kindOf(kind),
        message: cleaned,
        ...classify(rules, cleaned),
      });
      if (kindOf(kind) !== "note") asked = null;
      else addHeader(found, cleaned);
      continue;
    }
    if (summaryPattern.test(text)) continue;
    const said = linkerPattern.exec(text)?.[1];
    if (said !== undefined) found.push(linked(said, text));
  }
  return found;
};

const assertPattern = /^\S{1,400}: ([^:]{1,400}):(\d{1,7}): .{0,400}?: Assertion .(.*)' failed\.$/;
const whatPattern = /^ {2}what\(\): {2}(.*)$/;

const run = (lines: readonly string[]): readonly Finding[] => {
  const found: Finding[] = [];
  for (const [at, text] of lines.entries()) {
    const assertion = assertPattern.exec(text);
    const what = text.startsWith("terminate called") ? whatPattern.exec(lines[at + 1] ?? "")?.[1] : undefined;
    const message = what === undefined ? text : `${text}: ${what}`;
    const { code, args } = classify(cRunRules, message);
    if (code === null) continue;
    found.push({
      file: assertion?.[1] ?? null,
      line: assertion === null ? null : Number(assertion[2]),
      column: null,
      kind: "error",
      message,
      code,
      args,
    });
  }
  return found;
};

export const gcc: MessageParser = {
  compile: (lines, sources) => compile(lines, sources, fromDisplayColumn),
  run,
};

/** Clang says the same in the same form, but counts bytes. */
export const clang: MessageParser = {
  compile: (lines, sources) => compile(lines, sources, fromByteColumn),
  run,
};
