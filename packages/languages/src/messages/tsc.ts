import { kindOf } from "./parser.ts";
import type { Finding, MessageParser } from "./parser.ts";
import { node } from "./node.ts";

/** `main.ts(3,5): error TS2322: …`, and with colours `main.ts:3:5 - error TS2322: …`. */
const plainPattern = /^([^(]{1,400})\((\d{1,7}),(\d{1,7})\): (error|warning) (TS\d{1,6}): (.*)$/;
const prettyPattern = /^([^:]{1,400}):(\d{1,7}):(\d{1,7}) - (error|warning) (TS\d{1,6}): (.*)$/;
const generalPattern = /^(error|warning) (TS\d{1,6}): (.*)$/;

const compile: MessageParser["compile"] = (lines, sources) => {
  const found = lines.flatMap((text): Finding[] => {
    const placed = plainPattern.exec(text) ?? prettyPattern.exec(text);
    if (placed !== null) {
      const [, file = "", line = "", column = "", kind = "", number = "", message = ""] = placed;
      const place = { file, line: Number(line), column: Number(column) };
      return [{ ...place, kind: kindOf(kind), message, code: `ts.${number}` }];
    }
    const general = generalPattern.exec(text);
    if (general === null) return [];
    const [, kind = "", number = "", message = ""] = general;
    return [{ file: null, line: null, column: null, kind: kindOf(kind), message, code: `ts.${number}` }];
  });
  // What only strips the types says it as Node does.
  return found.length > 0 ? found : node.compile(lines, sources);
};

export const tsc: MessageParser = { compile, run: node.run };
