import { fromCharacterColumn } from "./columns.ts";
import { kindOf } from "./parser.ts";
import type { Finding, MessageParser, Sources } from "./parser.ts";

const messagePattern = /^(error|warning)(?:\[(E\d{4})\])?: (.*)$/;
const placePattern = /^ {0,8}--> (.{1,400}):(\d{1,7}):(\d{1,7})$/;
/** Said of all messages together. */
const summaryPattern =
  /^(?:aborting due to|could not compile|\d+ warnings? emitted|build failed)|generated \d+ warning/;
// Since 1.73 the message stands in a line of its own.
const panicPattern =
  /^thread '[^']{0,100}'(?: \(\d{1,10}\))? panicked at (?:'(.*)', )?(.{1,400}):(\d{1,7}):(\d{1,7}):?$/;

/** Of the groups of a pattern: file, line, column. */
const placeOf = (
  sources: Sources,
  [file = "", number = "", column = ""]: readonly (string | undefined)[],
) => {
  const line = Number(number);
  return { file, line, column: fromCharacterColumn(sources, file, line, Number(column)) };
};

const nowhere = { file: null, line: null, column: null };

const compile = (lines: readonly string[], sources: Sources): readonly Finding[] =>
  lines.flatMap((text, at): Finding[] => {
    const found = messagePattern.exec(text);
    if (found === null) return [];
    const [, kind = "", number, message = ""] = found;
    if (summaryPattern.test(message)) return [];
    const place = placePattern.exec(lines[at + 1] ?? "");
    return [
      {
        ...(place === null ? nowhere : placeOf(sources, place.slice(1))),
        kind: kindOf(kind),
        message,
        code: number === undefined ? null : `rust.${number}`,
      },
    ];
  });

const run = (lines: readonly string[], sources: Sources): readonly Finding[] =>
  lines.flatMap((text, at): Finding[] => {
    const found = panicPattern.exec(text);
    if (found === null) return [];
    const message = found[1] ?? lines[at + 1] ?? "";
    return [{ ...placeOf(sources, found.slice(2)), kind: "error", message, code: "rust.panic" }];
  });

export const rustc: MessageParser = { compile, run };
