import { readStackTraces } from "./jvm.ts";
import { kindOf } from "./parser.ts";
import type { Finding, MessageParser } from "./parser.ts";

const messagePattern =
  /^(?:[ew]: )?(?:file:\/\/)?([^:]{1,400}\.kts?):(\d{1,7}):(\d{1,7}):? (?:(error|warning): )?(.*)$/;

const compile = (lines: readonly string[]): readonly Finding[] =>
  lines.flatMap((text): Finding[] => {
    const found = messagePattern.exec(text);
    if (found === null) return [];
    const [, file = "", line = "", column = "", word, message = ""] = found;
    const kind = word === undefined ? (text.startsWith("w:") ? "warning" : "error") : kindOf(word);
    const name = /^unresolved reference:? '?(\w{1,100})/i.exec(message)?.[1];
    return [
      {
        file,
        line: Number(line),
        column: Number(column),
        kind,
        message,
        code: name === undefined ? null : "kotlin.unresolved-reference",
        args: name === undefined ? {} : { name },
      },
    ];
  });

export const kotlinc: MessageParser = { compile, run: readStackTraces };
