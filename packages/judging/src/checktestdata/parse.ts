import { ProgramError } from "./ast.ts";
import type { Command, Expression, FloatForm, VariableNode } from "./ast.ts";
import { readTokens } from "./lexer.ts";
import type { Token } from "./lexer.ts";

/** Of blocks in blocks and of brackets in brackets: far more than anybody writes. */
const maxDepth = 200;

/** Operators by precedence, the weakest first; all go from left to right. */
const levels = [["||"], ["&&"], ["==", "!=", "<=", ">=", "<", ">"], ["+", "-"], ["*", "/", "%"]] as const;
const notLevel = 2;

/** Reads a checktestdata program. Throws ProgramError with line and column. */
export const parseProgram = (program: string): readonly Command[] => {
  const parser = new Parser(readTokens(program));
  const commands = parser.commands();
  parser.expectEnd();
  return commands;
};

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get #next(): Token {
    const token = this.#tokens[this.#at] ?? this.#tokens.at(-1);
    if (token === undefined) throw new Error("there always is an end token");
    return token;
  }

  #fail(message: string, token = this.#next): never {
    throw new ProgramError(token.line, token.column, message);
  }

  #nested<Value>(read: () => Value): Value {
    if (++this.#depth > maxDepth) this.#fail(`is nested deeper than ${maxDepth} levels`);
    try {
      return read();
    } finally {
      this.#depth--;
    }
  }

  #accept(kind: Token["kind"], text: string): boolean {
    if (this.#next.kind !== kind || this.#next.text !== text) return false;
    this.#at++;
    return true;
  }

  #sign(text: string): void {
    if (!this.#accept("sign", text)) this.#fail(`expected "${text}", not ${show(this.#next)}`);
  }

  expectEnd(): void {
    const { kind, text } = this.#next;
    if (kind === "end") return;
    if (text === "END" || text === "ELSE") this.#fail(`${text} without a block that it could end`);
    this.#fail(`expected a command, not ${show(this.#next)}`);
  }

  /** Up to what is no command. */
  commands(): readonly Command[] {
    const commands: Command[] = [];
    for (;;) {
      const { kind, text } = this.#next;
      if (kind !== "word" || text === "END" || text === "ELSE") return commands;
      commands.push(this.#nested(() => this.#command()));
    }
  }

  #command(): Command {
    const token = this.#next;
    if (token.kind !== "word") this.#fail(`expected a command, not ${show(token)}`);
    this.#at++;
    const { line } = token;
    switch (token.text) {
      case "SPACE":
      case "NEWLINE":
      case "EOF":
        return { kind: token.text, line };
      case "INT":
        return this.#brackets(() => {
          const [min, max] = this.#range();
          return { kind: "INT", min, max, into: this.#optionalVariable(), line };
        });
      case "FLOAT":
      case "FLOATP":
        return this.#brackets(() => this.#float(token.text === "FLOATP", line));
      case "STRING":
        return this.#brackets(() => ({ kind: "STRING", text: this.expression(), line }));
      case "REGEX":
        return this.#brackets(() => ({
          kind: "REGEX",
          pattern: this.expression(),
          into: this.#optionalVariable(),
          line,
        }));
      case "ASSERT":
        return this.#brackets(() => ({ kind: "ASSERT", test: this.expression(), line }));
      case "SET":
        return this.#brackets(() => ({
          kind: "SET",
          assignments: this.#list(() => {
            const into = this.#variable();
            this.#sign("=");
            return { into, value: this.expression() };
          }),
          line,
        }));
      case "UNSET":
        return this.#brackets(() => ({ kind: "UNSET", names: this.#list(() => this.#name()), line }));
      case "REP":
      case "REPI":
      case "WHILE":
      case "WHILEI":
        return this.#loop(token, line);
      case "IF":
        return this.#condition(token, line);
      default:
        return this.#fail(`unknown command ${token.text.slice(0, 40)}`, token);
    }
  }

  #loop(token: Token, line: number): Command {
    const head = this.#brackets(() => {
      let counter: VariableNode | null = null;
      if (token.text.endsWith("I")) {
        counter = this.#variable();
        this.#sign(",");
      }
      const control = this.expression();
      const separator = this.#accept("sign", ",") ? this.#nested(() => this.#command()) : null;
      return { counter, control, separator };
    });
    const body = this.commands();
    this.#end(token);
    return { kind: token.text.startsWith("REP") ? "REP" : "WHILE", ...head, body, line };
  }

  #condition(token: Token, line: number): Command {
    const test = this.#brackets(() => this.expression());
    const accepted = this.commands();
    const rejected = this.#accept("word", "ELSE") ? this.commands() : [];
    this.#end(token);
    return { kind: "IF", test, accepted, rejected, line };
  }

  #end(opening: Token): void {
    if (this.#accept("word", "END")) return;
    this.#fail(`expected END of the ${opening.text} of line ${opening.line}, not ${show(this.#next)}`);
  }

  #float(withDecimals: boolean, line: number): Command {
    const [min, max] = this.#range();
    let decimals: readonly [Expression, Expression] | null = null;
    if (withDecimals) {
      this.#sign(",");
      decimals = this.#range();
    }
    let into: VariableNode | null = null;
    let form: FloatForm = "any";
    while (this.#accept("sign", ",")) {
      const { kind, text } = this.#next;
      if (kind !== "word") {
        if (into !== null) this.#fail("expected FIXED or SCIENTIFIC");
        into = this.#variable();
        continue;
      }
      if (text !== "FIXED" && text !== "SCIENTIFIC") this.#fail(`unknown option ${text.slice(0, 40)}`);
      form = text === "FIXED" ? "fixed" : "scientific";
      this.#at++;
      break;
    }
    return { kind: "FLOAT", min, max, decimals, into, form, line };
  }

  #brackets<Value>(read: () => Value): Value {
    this.#sign("(");
    const value = read();
    this.#sign(")");
    return value;
  }

  #list<Value>(read: () => Value): readonly Value[] {
    const values = [read()];
    while (this.#accept("sign", ",")) values.push(read());
    return values;
  }

  #range(): readonly [Expression, Expression] {
    const min = this.expression();
    this.#sign(",");
    return [min, this.expression()];
  }

  #name(): string {
    const { kind, text } = this.#next;
    if (kind !== "name") this.#fail(`expected the name of a variable, not ${show(this.#next)}`);
    this.#at++;
    return text;
  }

  #variable(): VariableNode {
    const { line } = this.#next;
    const name = this.#name();
    if (!this.#accept("sign", "[")) return { kind: "variable", name, indices: [], line };
    const indices = this.#nested(() => this.#list(() => this.expression()));
    this.#sign("]");
    return { kind: "variable", name, indices, line };
  }

  #optionalVariable(): VariableNode | null {
    return this.#accept("sign", ",") ? this.#variable() : null;
  }

  expression(level = 0): Expression {
    if (level === notLevel && this.#next.kind === "sign" && this.#next.text === "!") {
      const { line } = this.#next;
      this.#at++;
      return { kind: "not", operand: this.#nested(() => this.expression(notLevel)), line };
    }
    const operators: readonly string[] | undefined = levels[level];
    if (operators === undefined) return this.#negation();
    const { line } = this.#next;
    const first = this.expression(level + 1);
    const rest: { operator: string; operand: Expression }[] = [];
    while (this.#next.kind === "sign" && operators.includes(this.#next.text)) {
      const operator = this.#next.text;
      this.#at++;
      rest.push({ operator, operand: this.expression(level + 1) });
    }
    return rest.length === 0 ? first : { kind: "chain", first, rest, line };
  }

  #negation(): Expression {
    const { line } = this.#next;
    if (this.#accept("sign", "-"))
      return { kind: "negate", operand: this.#nested(() => this.#negation()), line };
    const first = this.#primary();
    const rest: { operator: string; operand: Expression }[] = [];
    while (this.#accept("sign", "^")) {
      const negative = this.#next;
      rest.push({
        operator: "^",
        operand: this.#accept("sign", "-")
          ? { kind: "negate", operand: this.#primary(), line: negative.line }
          : this.#primary(),
      });
    }
    return rest.length === 0 ? first : { kind: "chain", first, rest, line };
  }

  #primary(): Expression {
    const token = this.#next;
    const { kind, text, line } = token;
    if (kind === "integer" || kind === "float" || kind === "string") {
      this.#at++;
      return { kind, text, line };
    }
    if (kind === "name") return this.#variable();
    if (kind === "sign" && text === "(") return this.#nested(() => this.#brackets(() => this.expression()));
    if (kind !== "word") return this.#fail(`expected a value, not ${show(token)}`);
    this.#at++;
    return this.#nested(() => this.#function(token));
  }

  #function(token: Token): Expression {
    const { line } = token;
    switch (token.text) {
      case "ISEOF":
        return { kind: "end of file", line };
      case "STRLEN":
      case "MATCH":
        return this.#brackets(() => ({
          kind: token.text === "MATCH" ? "match" : "length",
          operand: this.expression(),
          line,
        }));
      case "UNIQUE":
        return this.#brackets(() => ({ kind: "unique", names: this.#list(() => this.#name()), line }));
      case "INARRAY":
        return this.#brackets(() => {
          const operand = this.expression();
          this.#sign(",");
          return { kind: "in array", operand, name: this.#name(), line };
        });
      default:
        return this.#fail(`unknown function ${token.text.slice(0, 40)}`, token);
    }
  }
}

const show = (token: Token): string =>
  token.kind === "end" ? token.text : JSON.stringify(token.text.slice(0, 40));
