import { fromByteColumn } from "./columns.ts";
import { classify } from "./parser.ts";
import type { Finding, MessageParser, Rule, Sources } from "./parser.ts";

const messagePattern = /^(?:vet: )?([^:\s]{1,400}\.go):(\d{1,7}):(?:(\d{1,7}):)? (.*)$/;
/** Of the whole program. */
const mainPattern =
  /^(?:runtime\.main_main·f: )?(function main is undeclared.*|.*requires exactly one main package)$/;
const panicPattern = /^(?:panic: |fatal error: |runtime: )(.*)$/;
const framePattern = /^\t(.{1,400}\.go):(\d{1,7})(?: \+0x[0-9a-f]{1,16})?$/;

const rules: readonly Rule[] = [
  {
    code: "go.missing-main",
    pattern: /^(?:function main is undeclared|.{0,40}requires exactly one main package)/,
  },
  { code: "go.undefined", pattern: /^undefined: (?<name>\S{1,100})/ },
  {
    code: "go.unused-import",
    pattern: /^(?:imported and not used: )?"(?<name>[^"]{1,100})"(?: imported (?:and|but) not used|$)/,
  },
  { code: "go.unused-variable", pattern: /^declared and not used: (?<name>\S{1,100})/ },
  { code: "go.unused-variable", pattern: /^(?<name>\S{1,100}) declared (?:and|but) not used$/ },
  { code: "go.missing-return", pattern: /^missing return/ },
  {
    code: "go.type-mismatch",
    pattern: /^(?:cannot use |invalid operation: .*mismatched types|cannot convert )/,
  },
  { code: "go.syntax-error", pattern: /^syntax error: / },
  { code: "go.redeclared", pattern: /redeclared in this block|no new variables on left side/ },
  {
    code: "go.index-out-of-range",
    pattern: /^runtime error: index out of range \[(?<index>-?\d+)\] with length (?<length>\d+)/,
  },
  { code: "go.nil-pointer", pattern: /^runtime error: invalid memory address or nil pointer/ },
  { code: "go.zero-division", pattern: /^runtime error: integer divide by zero/ },
  { code: "go.nil-map", pattern: /^assignment to entry in nil map/ },
  { code: "go.deadlock", pattern: /^all goroutines are asleep/ },
  { code: "go.stack-overflow", pattern: /^(?:stack overflow|goroutine stack exceeds)/ },
];

const compile = (lines: readonly string[], sources: Sources): readonly Finding[] =>
  lines.flatMap((text): Finding[] => {
    const whole = mainPattern.exec(text)?.[1];
    if (whole !== undefined) {
      const place = { file: null, line: null, column: null };
      return [{ ...place, kind: "error", message: whole, ...classify(rules, whole) }];
    }
    const found = messagePattern.exec(text);
    if (found === null) return [];
    const [, file = "", number = "", column, message = ""] = found;
    const line = Number(number);
    return [
      {
        file,
        line,
        column: column === undefined ? null : fromByteColumn(sources, file, line, Number(column)),
        kind: "error",
        message,
        ...classify(rules, message),
      },
    ];
  });

const run = (lines: readonly string[], sources: Sources): readonly Finding[] => {
  for (const [at, text] of lines.entries()) {
    const message = panicPattern.exec(text)?.[1];
    if (message === undefined) continue;
    const frame = lines
      .slice(at + 1)
      .map((line) => framePattern.exec(line))
      .find((found) => found !== null && sources.own(found[1] ?? "") !== null);
    const { code, args } = classify(rules, message);
    return [
      {
        file: frame?.[1] ?? null,
        line: frame === undefined || frame === null ? null : Number(frame[2]),
        column: null,
        kind: "error",
        message,
        code: code ?? "go.panic",
        args,
      },
    ];
  }
  return [];
};

export const go: MessageParser = { compile, run };
