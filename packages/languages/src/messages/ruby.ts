import { classify } from "./parser.ts";
import type { Finding, MessageParser, Rule, Sources } from "./parser.ts";

const exceptionPattern = /^([^:]{1,400}):(\d{1,7}):in [`'](.{1,200}?)': (.*) \(([A-Z]\w*(?:::\w+){0,10})\)$/;
const callerPattern = /^\t {0,4}(?:\d{1,6}: )?from ([^:]{1,400}):(\d{1,7}):in /;
const syntaxPattern = /^([^:]{1,400}):(\d{1,7}): (warning: )?(.*)$/;

const rules: readonly Rule[] = [
  { code: "ruby.undefined-name", pattern: /^undefined local variable or method [`'](?<name>[^']{1,100})'/ },
  { code: "ruby.nil-method", pattern: /^undefined method [`'](?<name>[^']{1,100})' for nil/ },
  { code: "ruby.undefined-method", pattern: /^undefined method [`'](?<name>[^']{1,100})'/ },
  { code: "ruby.wrong-arguments", pattern: /^wrong number of arguments/ },
  { code: "ruby.zero-division", pattern: /^divided by 0/ },
  { code: "ruby.syntax-error", pattern: /^syntax errors? ?(?:,|found)/ },
];

const placeOf = (lines: readonly string[], at: number, file: string, line: number, sources: Sources) => {
  if (sources.own(file) !== null) return { file, line };
  for (let below = at + 1; below < lines.length; below += 1) {
    const text = lines[below] ?? "";
    // Its callers end where another one begins: so each line is looked at once.
    if (exceptionPattern.test(text)) break;
    const caller = callerPattern.exec(text);
    if (caller !== null && sources.own(caller[1] ?? "") !== null)
      return { file: caller[1] ?? "", line: Number(caller[2]) };
  }
  return { file: null, line: null };
};

const read = (lines: readonly string[], sources: Sources): readonly Finding[] =>
  lines.flatMap((text, at): Finding[] => {
    const exception = exceptionPattern.exec(text);
    if (exception !== null) {
      const [, file = "", line = "", , said = "", type = ""] = exception;
      const place = placeOf(lines, at, file, Number(line), sources);
      const { code, args } = classify(rules, said);
      const message = `${said} (${type})`;
      return [{ ...place, column: null, kind: "error", message, code: code ?? `ruby.${type}`, args }];
    }
    const syntax = syntaxPattern.exec(text);
    if (syntax === null) return [];
    const [, file = "", line = "", warning, message = ""] = syntax;
    const { code, args } = classify(rules, message);
    if (sources.own(file) === null || (warning === undefined && code === null)) return [];
    const kind = warning === undefined ? "error" : "warning";
    return [{ file, line: Number(line), column: null, kind, message, code, args }];
  });

export const ruby: MessageParser = { compile: read, run: read };
