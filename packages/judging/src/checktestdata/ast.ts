/** A checktestdata program as it was read. Lines are those of the program, from 1. */
export type Expression =
  | { readonly kind: "integer"; readonly text: string; readonly line: number }
  | { readonly kind: "float"; readonly text: string; readonly line: number }
  | { readonly kind: "string"; readonly text: string; readonly line: number }
  | VariableNode
  | { readonly kind: "negate" | "not"; readonly operand: Expression; readonly line: number }
  | {
      /** Operators of one precedence, from left to right: a long chain is no deep tree. */
      readonly kind: "chain";
      readonly first: Expression;
      readonly rest: readonly { readonly operator: string; readonly operand: Expression }[];
      readonly line: number;
    }
  | { readonly kind: "length" | "match"; readonly operand: Expression; readonly line: number }
  | { readonly kind: "end of file"; readonly line: number }
  | { readonly kind: "unique"; readonly names: readonly string[]; readonly line: number }
  | { readonly kind: "in array"; readonly operand: Expression; readonly name: string; readonly line: number };

export interface VariableNode {
  readonly kind: "variable";
  readonly name: string;
  readonly indices: readonly Expression[];
  readonly line: number;
}

export type FloatForm = "any" | "fixed" | "scientific";

export type Command =
  | { readonly kind: "SPACE" | "NEWLINE" | "EOF"; readonly line: number }
  | {
      readonly kind: "INT";
      readonly min: Expression;
      readonly max: Expression;
      readonly into: VariableNode | null;
      readonly line: number;
    }
  | {
      readonly kind: "FLOAT";
      readonly min: Expression;
      readonly max: Expression;
      /** FLOATP only: how many digits may stand behind the point. */
      readonly decimals: readonly [Expression, Expression] | null;
      readonly into: VariableNode | null;
      readonly form: FloatForm;
      readonly line: number;
    }
  | { readonly kind: "STRING"; readonly text: Expression; readonly line: number }
  | {
      readonly kind: "REGEX";
      readonly pattern: Expression;
      readonly into: VariableNode | null;
      readonly line: number;
    }
  | { readonly kind: "ASSERT"; readonly test: Expression; readonly line: number }
  | {
      readonly kind: "SET";
      readonly assignments: readonly { readonly into: VariableNode; readonly value: Expression }[];
      readonly line: number;
    }
  | { readonly kind: "UNSET"; readonly names: readonly string[]; readonly line: number }
  | {
      readonly kind: "REP" | "WHILE";
      readonly counter: VariableNode | null;
      /** How often for REP, whether again for WHILE. */
      readonly control: Expression;
      readonly separator: Command | null;
      readonly body: readonly Command[];
      readonly line: number;
    }
  | {
      readonly kind: "IF";
      readonly test: Expression;
      readonly accepted: readonly Command[];
      readonly rejected: readonly Command[];
      readonly line: number;
    };

/** The program is wrong, whatever the input is. */
export class ProgramError extends Error {
  override readonly name = "ProgramError";
  readonly line: number;
  readonly column: number;

  constructor(line: number, column: number, message: string) {
    super(message);
    this.line = line;
    this.column = column;
  }
}
