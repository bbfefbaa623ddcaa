import { Macros } from "./macros.ts";
import { readTex } from "./lexer.ts";
import type { TexToken } from "./lexer.ts";

/** Tokens of a document, with what macros put in their places. */
export class TexStream {
  readonly macros = new Macros();
  readonly #frames: { readonly tokens: readonly TexToken[]; index: number }[];

  constructor(source: string) {
    this.#frames = [{ tokens: readTex(source), index: 0 }];
  }

  peek(): TexToken | null {
    for (;;) {
      const frame = this.#frames.at(-1);
      if (frame === undefined) return null;
      const token = frame.tokens[frame.index];
      if (token !== undefined) return token;
      this.#frames.pop();
    }
  }

  next(): TexToken | null {
    const token = this.peek();
    const frame = this.#frames.at(-1);
    if (token !== null && frame !== undefined) frame.index++;
    return token;
  }

  /** Puts a macro's text in front; false when the name is none. */
  expand(name: string): boolean {
    const count = this.macros.arity(name);
    if (count === null) return false;
    const values: string[] = [];
    for (let each = 0; each < count; each++) values.push(this.argument());
    this.#frames.push({ tokens: this.macros.expand(name, values), index: 0 });
    return true;
  }

  skipSpace(): void {
    while (this.peek()?.kind === "space") this.next();
  }

  /** An argument as it is written: what the braces hold, or one token. */
  argument(): string {
    this.skipSpace();
    const first = this.next();
    if (first === null) return "";
    if (first.kind !== "open") return sourceOf(first);
    let text = "";
    let depth = 1;
    for (let token = this.next(); token !== null; token = this.next()) {
      if (token.kind === "open") depth++;
      if (token.kind === "close" && --depth === 0) break;
      text += sourceOf(token);
    }
    return text;
  }

  /** What stands in brackets, if there are some. */
  option(): string | null {
    this.skipSpace();
    const first = this.peek();
    if (first?.kind !== "bracket" || first.text !== "[") return null;
    this.next();
    let text = "";
    for (let token = this.next(); token !== null; token = this.next()) {
      if (token.kind === "bracket" && token.text === "]") break;
      if (token.kind === "paragraph") break;
      text += sourceOf(token);
    }
    return text;
  }
}

const sourceOf = (token: TexToken): string => {
  switch (token.kind) {
    case "command":
      return /^[a-zA-Z@]+$/u.test(token.name) ? `\\${token.name} ` : `\\${token.name}`;
    case "open":
      return "{";
    case "close":
      return "}";
    case "paragraph":
      return "\n\n";
    case "space":
      return " ";
    case "cell":
      return "&";
    case "tie":
      return "~";
    case "math":
      return token.display ? `\\[${token.source}\\]` : `$${token.source}$`;
    case "verbatim":
    case "text":
    case "bracket":
      return token.text;
  }
};
