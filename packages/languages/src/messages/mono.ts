import { kindOf } from "./parser.ts";
import type { Finding, MessageParser, Sources } from "./parser.ts";

const messagePattern = /^([^(]{1,400})\((\d{1,7}),(\d{1,7})\): (error|warning) (CS\d{4}): (.*)$/;
const generalPattern = /^(error|warning) (CS\d{4}): (.*)$/;
const exceptionPattern =
  /^(?:Unhandled exception\. |\[ERROR\] FATAL UNHANDLED EXCEPTION: )?([A-Z][\w.]{2,200}): (.*)$/;
const framePattern = /^ {2,4}at .{1,400} in (.{1,400}):(?:line )?(\d{1,7}) ?$/;

const compile = (lines: readonly string[]): readonly Finding[] =>
  lines.flatMap((text): Finding[] => {
    const placed = messagePattern.exec(text);
    if (placed !== null) {
      const [, file = "", line = "", column = "", kind = "", number = "", message = ""] = placed;
      const place = { file, line: Number(line), column: Number(column) };
      return [{ ...place, kind: kindOf(kind), message, code: `csharp.${number}` }];
    }
    const general = generalPattern.exec(text);
    if (general === null) return [];
    const [, kind = "", number = "", message = ""] = general;
    return [{ file: null, line: null, column: null, kind: kindOf(kind), message, code: `csharp.${number}` }];
  });

/** Mono says it twice: after `Unhandled Exception:`, and after `[ERROR] FATAL UNHANDLED EXCEPTION: `. */
const run = (lines: readonly string[], sources: Sources): readonly Finding[] => {
  const start = lines.findIndex(
    (text) => /^unhandled exception/i.test(text) || text.startsWith("[ERROR] FATAL"),
  );
  if (start < 0) return [];
  for (let at = start; at < Math.min(start + 3, lines.length); at += 1) {
    const exception = exceptionPattern.exec(lines[at] ?? "");
    if (exception === null) continue;
    const [, type = "", said = ""] = exception;
    const frame = lines
      .slice(at + 1)
      .map((text) => framePattern.exec(text))
      .find((found) => found !== null && sources.own(found[1] ?? "") !== null);
    return [
      {
        file: frame?.[1] ?? null,
        line: frame === undefined || frame === null ? null : Number(frame[2]),
        column: null,
        kind: "error",
        message: `${type}: ${said}`,
        code: `csharp.${type.split(".").at(-1) ?? type}`,
      },
    ];
  }
  return [];
};

export const mono: MessageParser = { compile, run };
