import { ProgramError } from "./ast.ts";
import type { Command, Expression, VariableNode } from "./ast.ts";
import { maxDigits, parseDecimal, TooLarge } from "./decimal.ts";
import type { Decimal } from "./decimal.ts";
import { compilePattern } from "./pattern.ts";
import type { MatchAt } from "./pattern.ts";
import type { Reader } from "./reader.ts";
import {
  arithmetic,
  compare,
  integer,
  keyOf,
  kindOf,
  negated,
  order,
  showValue,
  TypeMismatch,
} from "./value.ts";
import type { Value } from "./value.ts";
import { Store, TooMany, Variable } from "./variables.ts";

export interface Bounds {
  /** Commands, iterations and operators in all. */
  readonly steps: number;
  /** Real time, ms. */
  readonly timeMs: number;
}

/** The run was ended because it took too much. */
export class OutOfBounds extends Error {
  override readonly name = "OutOfBounds";
}

type Run = () => void;
type Evaluate = () => Value;

/** An EOF command within the program ends it. */
class Done extends Error {}
const done = new Done();

const checkEvery = 1024;
const maxPatterns = 1000;
const maxCount = 0xffff_ffff;

/**
 * Turns a program into functions that read one input. A tree of functions runs several times faster
 * than a walk over the tree of the program.
 */
export class Machine {
  readonly #reader: Reader;
  readonly #bounds: Bounds;
  readonly #deadline: number;
  readonly #store = new Store();
  readonly #variables = new Map<string, Variable>();
  readonly #patterns = new Map<string, MatchAt>();
  #steps = 0;
  #nextCheck = checkEvery;

  constructor(reader: Reader, bounds: Bounds) {
    this.#reader = reader;
    this.#bounds = bounds;
    this.#deadline = performance.now() + bounds.timeMs;
  }

  /** Throws Mismatch, ProgramError or OutOfBounds. */
  run(program: readonly Command[]): void {
    const start = this.#block(program);
    try {
      start();
      this.#reader.end();
    } catch (error) {
      if (error !== done) throw error;
    }
  }

  #step(weight = 1): void {
    this.#steps += weight;
    if (this.#steps < this.#nextCheck) return;
    this.#nextCheck = this.#steps + checkEvery;
    if (this.#steps > this.#bounds.steps)
      throw new OutOfBounds(`the program takes more than ${this.#bounds.steps} steps on this input`);
    if (performance.now() > this.#deadline)
      throw new OutOfBounds(`the program takes more than ${this.#bounds.timeMs} ms on this input`);
  }

  #variable(name: string): Variable {
    let variable = this.#variables.get(name);
    if (variable === undefined) {
      variable = new Variable(name, this.#store);
      this.#variables.set(name, variable);
    }
    return variable;
  }

  #block(commands: readonly Command[]): Run {
    const runs = commands.map((command) => this.#command(command));
    return () => {
      for (const run of runs) run();
    };
  }

  /** What goes wrong inside is told with the command's line. */
  #command(command: Command): Run {
    const run = this.#compiled(command);
    return () => {
      this.#step();
      this.#guard(command.line, run);
    };
  }

  #guard<Result>(line: number, work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      if (error instanceof TypeMismatch) throw new ProgramError(line, 1, error.message);
      if (error instanceof TooLarge || error instanceof TooMany)
        throw new OutOfBounds(`line ${line} of the program makes ${error.message}`);
      throw error;
    }
  }

  #compiled(command: Command): Run {
    const reader = this.#reader;
    switch (command.kind) {
      case "SPACE":
        return () => reader.space();
      case "NEWLINE":
        return () => reader.newline();
      case "EOF":
        return () => {
          reader.end();
          throw done;
        };
      case "INT":
        return this.#int(command);
      case "FLOAT":
        return this.#float(command);
      case "STRING": {
        const text = this.#expression(command.text);
        return () => reader.text(stringOf(text(), "STRING"));
      }
      case "REGEX":
        return this.#regex(command);
      case "ASSERT": {
        const test = this.#test(command.test);
        return () => {
          if (!test()) reader.fail(`the assertion of line ${command.line} does not hold`);
        };
      }
      case "SET": {
        const sets = command.assignments.map(({ into, value }) => {
          const [set, evaluate] = [this.#setter(into), this.#expression(value)];
          return () => set(evaluate());
        });
        return () => {
          for (const set of sets) set();
        };
      }
      case "UNSET": {
        const variables = command.names.map((name) => this.#variable(name));
        return () => {
          for (const variable of variables) variable.clear();
        };
      }
      case "IF": {
        const [test, accepted, rejected] = [
          this.#test(command.test),
          this.#block(command.accepted),
          this.#block(command.rejected),
        ];
        return () => {
          if (test()) accepted();
          else rejected();
        };
      }
      case "REP":
      case "WHILE":
        return this.#loop(command);
    }
  }

  #loop(command: Extract<Command, { kind: "REP" | "WHILE" }>): Run {
    const body = this.#block(command.body);
    const separator = command.separator === null ? null : this.#command(command.separator);
    const count = command.counter === null ? null : this.#setter(command.counter);
    const repeat = (again: (round: number) => boolean): void => {
      count?.(0);
      for (let round = 0; again(round);) {
        this.#step();
        if (round > 0) separator?.();
        body();
        round++;
        count?.(round);
      }
    };
    if (command.kind === "WHILE") {
      const test = this.#test(command.control);
      return () => repeat(test);
    }
    const times = this.#expression(command.control);
    return () => {
      const number = times();
      if (typeof number !== "number" || number < 0 || number > maxCount)
        throw new ProgramError(command.line, 1, `REP can't be done ${showValue(number)} times`);
      repeat((round) => round < number);
    };
  }

  #int(command: Extract<Command, { kind: "INT" }>): Run {
    const [min, max] = [this.#expression(command.min), this.#expression(command.max)];
    const set = command.into === null ? null : this.#setter(command.into);
    const reader = this.#reader;
    return () => {
      const text = reader.integer();
      const [low, high] = [integerOf(min()), integerOf(max())];
      const value = text.length <= 15 ? Number(text) : text.length > maxDigits ? null : integer(BigInt(text));
      if (value === null || value < low || value > high) {
        const shown = text.length > 60 ? `of ${text.length} characters` : text;
        return reader.fail(`the integer ${shown} is not from ${showValue(low)} to ${showValue(high)}`);
      }
      set?.(value);
      reader.at += text.length;
    };
  }

  #float(command: Extract<Command, { kind: "FLOAT" }>): Run {
    const [min, max] = [this.#expression(command.min), this.#expression(command.max)];
    const decimals = command.decimals?.map((bound) => this.#expression(bound)) ?? null;
    const set = command.into === null ? null : this.#setter(command.into);
    const reader = this.#reader;
    return () => {
      const read = reader.float(command.form);
      if (decimals !== null) {
        const [least, most] = decimals.map((bound) => integerOf(bound()));
        if (least !== undefined && most !== undefined && (read.decimals < least || read.decimals > most))
          reader.fail(`a float with ${read.decimals} decimals instead of ${least} to ${most}`);
      }
      const value = parsed(read.text, reader);
      const [low, high] = [min(), max()];
      if (order(value, low) < 0 || order(value, high) > 0)
        reader.fail(
          `the float ${read.text.slice(0, 60)} is not from ${showValue(low)} to ${showValue(high)}`,
        );
      set?.(value);
      reader.at += read.text.length;
    };
  }

  #regex(command: Extract<Command, { kind: "REGEX" }>): Run {
    const pattern = this.#expression(command.pattern);
    const set = command.into === null ? null : this.#setter(command.into);
    const reader = this.#reader;
    return () => {
      const text = stringOf(pattern(), "REGEX");
      const end = this.#pattern(text, command.line)(reader.data, reader.at);
      if (end === null)
        return reader.fail(
          `expected a match of the regular expression ${showValue(text)}, found ${reader.found}`,
        );
      this.#step((end - reader.at) >> 6);
      set?.(reader.data.slice(reader.at, end));
      reader.at = end;
    };
  }

  #pattern(text: string, line: number): MatchAt {
    const known = this.#patterns.get(text);
    if (known !== undefined) return known;
    if (this.#patterns.size >= maxPatterns)
      throw new OutOfBounds("the program makes too many regular expressions");
    try {
      const compiled = compilePattern(text);
      this.#patterns.set(text, compiled);
      return compiled;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new ProgramError(line, 1, `the regular expression ${showValue(text)}: ${reason}`);
    }
  }

  /** The place of an index; a plain variable has the place "". */
  #index({ indices }: VariableNode): () => number | string {
    const evaluated = indices.map((index) => this.#expression(index));
    const [first] = evaluated;
    if (first === undefined) return () => "";
    if (evaluated.length === 1) {
      return () => {
        const value = integerOf(first());
        return typeof value === "number" ? value : `${value}`;
      };
    }
    return () => evaluated.map((index) => integerOf(index())).join(",");
  }

  #setter(node: VariableNode): (value: Value) => void {
    const [variable, index] = [this.#variable(node.name), this.#index(node)];
    return (value) => variable.set(index(), value);
  }

  #test(expression: Expression): () => boolean {
    const evaluate = this.#expression(expression);
    return () => {
      const value = evaluate();
      if (typeof value !== "boolean")
        throw new ProgramError(expression.line, 1, `expected a test, not ${kindOf(value)}`);
      return value;
    };
  }

  #expression(expression: Expression): Evaluate {
    switch (expression.kind) {
      case "integer": {
        if (expression.text.length > maxDigits) throw tooLong(expression.line);
        const value = integer(BigInt(expression.text));
        return () => value;
      }
      case "float": {
        const value = this.#guard(expression.line, () => parseDecimal(expression.text));
        return () => value;
      }
      case "string": {
        const value = expression.text;
        return () => value;
      }
      case "variable": {
        const [variable, index] = [this.#variable(expression.name), this.#index(expression)];
        return () => {
          const place = index();
          const value = variable.get(place);
          if (value !== undefined) return value;
          const shown = place === "" ? expression.name : `${expression.name}[${place}]`;
          throw new ProgramError(expression.line, 1, `the variable ${shown} has no value`);
        };
      }
      case "negate": {
        const operand = this.#expression(expression.operand);
        return () => negated(operand());
      }
      case "not": {
        const operand = this.#test(expression.operand);
        return () => !operand();
      }
      case "chain":
        return this.#chain(expression);
      case "length": {
        const operand = this.#expression(expression.operand);
        return () => stringOf(operand(), "STRLEN").length;
      }
      case "match": {
        const operand = this.#expression(expression.operand);
        const reader = this.#reader;
        return () => {
          const characters = stringOf(operand(), "MATCH");
          return !reader.atEnd && characters.includes(reader.data[reader.at] ?? "");
        };
      }
      case "end of file":
        return () => this.#reader.atEnd;
      case "unique":
        return this.#unique(expression.names, expression.line);
      case "in array": {
        const operand = this.#expression(expression.operand);
        const variable = this.#variable(expression.name);
        return () => {
          this.#mustExist(variable, expression.line);
          return variable.includes(operand());
        };
      }
    }
  }

  #chain({ first, rest }: Extract<Expression, { kind: "chain" }>): Evaluate {
    const operator = rest[0]?.operator ?? "";
    if (operator === "&&" || operator === "||") {
      const tests = [first, ...rest.map(({ operand }) => operand)].map((test) => this.#test(test));
      return operator === "&&" ? () => tests.every((test) => test()) : () => tests.some((test) => test());
    }
    const start = this.#expression(first);
    const comparison = /[<>=!]/u.test(operator);
    const steps = rest.map((one) => ({ operator: one.operator, operand: this.#expression(one.operand) }));
    const [only] = steps;
    if (steps.length === 1 && only !== undefined) {
      return comparison
        ? () => compare(only.operator, start(), only.operand())
        : () => arithmetic(only.operator, start(), only.operand());
    }
    return () => {
      let value = start();
      for (const { operator: next, operand } of steps) {
        this.#step();
        value = comparison ? compare(next, value, operand()) : arithmetic(next, value, operand());
      }
      return value;
    };
  }

  #mustExist(variable: Variable, line: number): void {
    if (variable.size === 0) throw new ProgramError(line, 1, `the variable ${variable.name} has no value`);
  }

  #unique(names: readonly string[], line: number): Evaluate {
    const [first, ...others] = names.map((name) => this.#variable(name));
    if (first === undefined) throw new Error("UNIQUE has at least one name");
    return () => {
      for (const variable of [first, ...others]) this.#mustExist(variable, line);
      if (others.some((other) => other.size !== first.size)) return false;
      const seen = new Set<string>();
      for (const [index, value] of first.entries()) {
        this.#step();
        let key = keyOf(value);
        for (const other of others) {
          const beside = other.get(index);
          if (beside === undefined) return false;
          // Lengths keep the parts apart: a string may hold any character.
          key = `${key.length}:${key}${keyOf(beside)}`;
        }
        if (seen.has(key)) return false;
        seen.add(key);
      }
      return true;
    };
  }
}

const tooLong = (line: number): ProgramError => new ProgramError(line, 1, "a number with too many digits");

const parsed = (text: string, reader: Reader): Decimal => {
  try {
    return parseDecimal(text);
  } catch (error) {
    if (error instanceof TooLarge) return reader.fail("a float with too many digits");
    throw error;
  }
};

const integerOf = (value: Value): number | bigint => {
  if (typeof value === "number" || typeof value === "bigint") return value;
  throw new TypeMismatch(`expected an integer, not ${kindOf(value)} (${showValue(value)})`);
};

const stringOf = (value: Value, command: string): string => {
  if (typeof value === "string") return value;
  throw new TypeMismatch(`${command} takes a string, not ${kindOf(value)}`);
};
