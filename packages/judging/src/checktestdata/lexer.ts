import { ProgramError } from "./ast.ts";

export interface Token {
  readonly kind: "word" | "name" | "integer" | "float" | "string" | "sign" | "end";
  /** Of a string its content, escapes replaced: one character per byte. */
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

const maxProgramBytes = 1024 * 1024;
const blank = /[ \t\r\n]+|#[^\n]*/uy;
const plain =
  /(?<word>[A-Z]+)|(?<name>[a-z][a-z0-9]*)|(?<float>[0-9]+(?:\.[0-9]*(?:[eE][+-]?[0-9]+)?|[eE][+-]?[0-9]+))|(?<integer>[0-9]+)|(?<sign>&&|\|\||<=|>=|==|!=|[-+*/%^<>=!()[\],])/uy;
const octal = /[0-7]{1,3}/uy;
const escapes: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  b: "\b",
  f: "\f",
  '"': '"',
  "\\": "\\",
  "\n": "",
};

/** The tokens of a program, the last one of kind `end`. Throws ProgramError. */
export const readTokens = (program: string): readonly Token[] => {
  // Bytes, because strings of the program are compared with bytes of the input.
  const source = Buffer.from(program, "utf8").toString("latin1");
  if (source.length > maxProgramBytes)
    throw new ProgramError(1, 1, `the program is larger than ${maxProgramBytes} bytes`);
  const tokens: Token[] = [];
  let at = 0;
  let line = 1;
  let lineStart = 0;
  const passLines = (from: number, to: number): void => {
    for (
      let next = source.indexOf("\n", from);
      next !== -1 && next < to;
      next = source.indexOf("\n", next + 1)
    ) {
      line++;
      lineStart = next + 1;
    }
  };
  while (at < source.length) {
    blank.lastIndex = at;
    const skipped = blank.exec(source)?.[0].length ?? 0;
    if (skipped > 0) {
      passLines(at, at + skipped);
      at += skipped;
      continue;
    }
    const place = { line, column: at - lineStart + 1 };
    if (source[at] === '"') {
      const { text, end } = readString(source, at + 1, place);
      tokens.push({ kind: "string", text, ...place });
      passLines(at, end);
      at = end;
      continue;
    }
    plain.lastIndex = at;
    const groups = plain.exec(source)?.groups;
    if (groups === undefined) {
      throw new ProgramError(place.line, place.column, `unexpected character ${JSON.stringify(source[at])}`);
    }
    for (const kind of ["word", "name", "float", "integer", "sign"] as const) {
      const text = groups[kind];
      if (text === undefined) continue;
      tokens.push({ kind, text, ...place });
      at += text.length;
      break;
    }
  }
  tokens.push({ kind: "end", text: "the end of the program", line, column: at - lineStart + 1 });
  return tokens;
};

const readString = (
  source: string,
  start: number,
  place: { readonly line: number; readonly column: number },
): { readonly text: string; readonly end: number } => {
  let text = "";
  let at = start;
  for (;;) {
    const next = source.slice(at).search(/["\\]/u);
    if (next === -1) throw new ProgramError(place.line, place.column, "a string that never ends");
    text += source.slice(at, at + next);
    at += next;
    if (source[at] === '"') return { text, end: at + 1 };
    octal.lastIndex = at + 1;
    const digits = octal.exec(source)?.[0];
    const after = source[at + 1] ?? "";
    if (digits !== undefined) {
      const code = Number.parseInt(digits, 8);
      if (code > 255)
        throw new ProgramError(place.line, place.column, `\\${digits} is more than a byte can hold`);
      text += String.fromCharCode(code);
      at += 1 + digits.length;
    } else if (after in escapes) {
      text += escapes[after] ?? "";
      at += 2;
    } else {
      text += "\\";
      at += 1;
    }
  }
};
