import { classify } from "./parser.ts";
import type { Finding, MessageParser, Rule } from "./parser.ts";

const messagePattern =
  /^(?:PHP )?(Parse error|Fatal error|Recoverable fatal error|Warning|Notice|Deprecated|Strict Standards): {1,2}(.*) in (\S.{0,400}?)(?: on line |:)(\d{1,7})$/;
// The trace of an uncaught exception stands between its message and its place.
const uncaughtPattern = /^(?:PHP )?Fatal error: {1,2}Uncaught (.*) in (\S.{0,400}):(\d{1,7})$/;

const rules: readonly Rule[] = [
  { code: "php.syntax-error", pattern: /^syntax error, / },
  { code: "php.undefined-variable", pattern: /^Undefined variable \$(?<name>\w{1,100})/ },
  { code: "php.undefined-function", pattern: /Call to undefined function (?<name>[\w\\]{1,100})/ },
  { code: "php.undefined-method", pattern: /Call to undefined method (?<name>[\w\\:]{1,100})/ },
  { code: "php.undefined-key", pattern: /^Undefined array key (?<key>.{1,100})/ },
  { code: "php.zero-division", pattern: /^DivisionByZeroError/ },
  { code: "php.null-method", pattern: /on null$/ },
  { code: "php.type-error", pattern: /^TypeError/ },
  { code: "php.exception", pattern: /^(?<type>[A-Z][\w\\]{0,100}): / },
];

const kindOfWord = (word: string): Finding["kind"] => {
  if (word.endsWith("error")) return "error";
  return word === "Warning" ? "warning" : "note";
};

const read = (lines: readonly string[]): readonly Finding[] => {
  const seen = new Set<string>();
  return lines.flatMap((text): Finding[] => {
    const uncaught = uncaughtPattern.exec(text);
    const found = uncaught === null ? messagePattern.exec(text) : ["", "Fatal error", ...uncaught.slice(1)];
    if (found === null) return [];
    const [, word = "", message = "", file = "", line = ""] = found;
    // It says all of it to the log, and again to the reader.
    const key = `${line}\0${message}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [
      {
        file,
        line: Number(line),
        column: null,
        kind: kindOfWord(word),
        message,
        ...classify(rules, message),
      },
    ];
  });
};

export const php: MessageParser = { compile: read, run: read };
