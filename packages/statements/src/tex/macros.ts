import { readTex } from "./lexer.ts";
import type { TexToken } from "./lexer.ts";

const maxExpansions = 20_000;
const maxMacros = 500;
const maxTokens = 400_000;

/** The definitions of one document. Expansion is counted: one macro may call ten others, and so on. */
export class Macros {
  readonly #bodies = new Map<string, { readonly arguments: number; readonly body: string }>();
  #expansions = 0;
  #tokens = 0;

  define(name: string, count: number, body: string): void {
    if (this.#bodies.size < maxMacros && /^[a-zA-Z]{1,40}$/u.test(name) && count <= 9)
      this.#bodies.set(name, { arguments: count, body });
  }

  /** How many arguments it takes, or null for what is no macro (or has expanded too often). */
  arity(name: string): number | null {
    const macro = this.#bodies.get(name);
    if (macro === undefined || this.#expansions >= maxExpansions || this.#tokens >= maxTokens) return null;
    return macro.arguments;
  }

  expand(name: string, values: readonly string[]): readonly TexToken[] {
    this.#expansions++;
    const body = this.#bodies.get(name)?.body ?? "";
    // Doubling macros grow by their text as well as by their number.
    const length = body.length + values.reduce((sum, value) => sum + value.length, 0);
    if (length > 50_000) return [];
    const tokens = readTex(
      body.replace(/#(?<number>[1-9])/gu, (_, number: string) => values[Number(number) - 1] ?? ""),
    );
    this.#tokens += tokens.length;
    return tokens;
  }

  /** For formulas, in the way their renderer wants them. */
  forMath(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      [...this.#bodies]
        .filter(([, { body }]) => body.length < 2000)
        .map(([name, { body }]) => [`\\${name}`, mathBody(body)]),
    );
  }
}

/** `$10^5$` as a macro's text works inside and outside of a formula. */
const mathBody = (body: string): string =>
  /^\$(?<inner>[^$]*)\$$/u.exec(body.trim())?.groups?.["inner"] ?? body;
