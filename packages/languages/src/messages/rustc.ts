import { kindOf } from "./parser.ts";
import type { Finding, MessageParser } from "./parser.ts";

const messagePattern = /^(error|warning)(?:\[(E\d{4})\])?: (.*)$/;
const placePattern = /^ {0,8}--> (.{1,400}):(\d{1,7}):(\d{1,7})$/;
/** Said of all messages together. */
const summaryPattern =
  /^(?:aborting due to|could not compile|\d+ warnings? emitted|build failed)|generated \d+ warning/;
// Since 1.73 the message stands in a line of its own.
const panicPattern =
  /^thread '[^']{0,100}'(?: \(\d{1,10}\))? panicked at (?:'(.*)', )?(.{1,400}):(\d{1,7}):(\d{1,7}):?$/;

const compile = (lines: readonly string[]): readonly Finding[] =>
  lines.flatMap((text, at): Finding[] => {
    const found = messagePattern.exec(text);
    if (found === null) return [];
    const [, kind = "", number, message = ""] = found;
    if (summaryPattern.test(message)) return [];
    const place = placePattern.exec(lines[at + 1] ?? "");
    return [
      {
        file: place?.[1] ?? null,
        line: place === null ? null : Number(place[2]),
        column: place === null ? null : Number(place[3]),
        kind: kindOf(kind),
        message,
        code: number === undefined ? null : `rust.${number}`,
      },
    ];
  });

const run = (lines: readonly string[]): readonly Finding[] =>
  lines.flatMap((text, at): Finding[] => {
    const found = panicPattern.exec(text);
    if (found === null) return [];
    const [, said, file = "", line = "", column = ""] = found;
    const message = said ?? lines[at + 1] ?? "";
    return [{ file, line: Number(line), column: Number(column), kind: "error", message, code: "rust.panic" }];
  });

export const rustc: MessageParser = { compile, run };
