import { caretColumn } from "./columns.ts";
import { readStackTraces } from "./jvm.ts";
import { classify, kindOf, refine } from "./parser.ts";
import type { Finding, MessageParser, Sources } from "./parser.ts";
import { javaRules, javaRunRules, javaSourceRules } from "./rules/java.ts";

const messagePattern = /^([^:]{1,400}):(\d{1,7}): (error|warning): (.*)$/;
/** Of the whole compilation: `error: invalid flag`. */
const generalPattern = /^(error|warning): (.*)$/;
/** Of a file as a whole: that there is nothing in it to start. */
const wholeFilePattern = /^([^:]{1,400}\.java): (error|warning): (.*)$/;
/** What is not found, and what is wanted instead of something unexpected. */
const symbolPattern = /^ {2}(?:symbol: {1,6}|(?=required: ))(.*)$/;
const withSymbol = /^(?:cannot find symbol|unexpected type)/;
const escapePattern = /^\\u([0-9a-f]{4})$/;

/** Lines below a message, up to the next one, in which its mark and its symbol stand. */
const detailLines = 12;

const detailsOf = (lines: readonly string[], at: number) => {
  let column: number | null = null;
  let symbol: string | null = null;
  for (const text of lines.slice(at + 1, at + 1 + detailLines)) {
    if (messagePattern.test(text)) break;
    column ??= caretColumn(text);
    symbol ??= symbolPattern.exec(text)?.[1] ?? null;
  }
  return { column, symbol };
};

/** The character itself, where javac names it by its number. */
const unescaped = (args: Readonly<Record<string, string>>): Readonly<Record<string, string>> => {
  const number = escapePattern.exec(args["character"] ?? "")?.[1];
  return number === undefined
    ? args
    : { ...args, character: String.fromCharCode(Number.parseInt(number, 16)).toWellFormed() };
};

const compile = (lines: readonly string[], sources: Sources): readonly Finding[] =>
  lines.flatMap((text, at): Finding[] => {
    const general = generalPattern.exec(text);
    if (general !== null) {
      const [, kind = "", message = ""] = general;
      const place = { file: null, line: null, column: null };
      return [{ ...place, kind: kindOf(kind), message, ...classify(javaRules, message) }];
    }
    const whole = wholeFilePattern.exec(text);
    if (whole !== null) {
      const [, file = "", kind = "", message = ""] = whole;
      const place = { file, line: null, column: null };
      return [{ ...place, kind: kindOf(kind), message, ...classify(javaRunRules, message) }];
    }
    const found = messagePattern.exec(text);
    if (found === null) return [];
    const [, file = "", line = "", kind = "", said = ""] = found;
    const { column, symbol } = detailsOf(lines, at);
    const message = symbol === null || !withSymbol.test(said) ? said : `${said}: ${symbol}`;
    const own = sources.own(file);
    const { code, args } = refine(
      javaSourceRules,
      classify(javaRules, message),
      own === null ? null : sources.line(own, Number(line)),
    );
    return [{ file, line: Number(line), column, kind: kindOf(kind), message, code, args: unescaped(args) }];
  });

export const javac: MessageParser = { compile, run: readStackTraces };
