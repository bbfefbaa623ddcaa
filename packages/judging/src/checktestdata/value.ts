import {
  add,
  bounded,
  canonical,
  compareDecimals,
  divide,
  multiply,
  negate,
  ofInteger,
  showDecimal,
  TooLarge,
} from "./decimal.ts";
import type { Decimal } from "./decimal.ts";

/**
 * A value of a checktestdata variable: an integer (a number while that is exact, else a bigint), a
 * float (exact decimal), a string (one character per byte), or the boolean of a test.
 */
export type Value = number | bigint | string | boolean | Decimal;

/** An operation that these values do not have. */
export class TypeMismatch extends Error {
  override readonly name = "TypeMismatch";
}

const isFloat = (value: Value): value is Decimal => typeof value === "object";
const isInteger = (value: Value): value is number | bigint =>
  typeof value === "number" || typeof value === "bigint";

export const integer = (value: bigint): number | bigint =>
  value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : bounded(value);

export const kindOf = (value: Value): string =>
  isInteger(value)
    ? "an integer"
    : isFloat(value)
      ? "a float"
      : typeof value === "string"
        ? "a string"
        : "a test";

const show = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

export const showValue = (value: Value): string =>
  typeof value === "string"
    ? JSON.stringify(show(value))
    : show(isFloat(value) ? showDecimal(value) : String(value));

const decimalOf = (value: Value): Decimal | null =>
  isInteger(value) ? ofInteger(value) : isFloat(value) ? value : null;

const operands = (operator: string, one: Value, other: Value): readonly [Decimal, Decimal] => {
  const left = decimalOf(one);
  const right = decimalOf(other);
  if (left === null || right === null)
    throw new TypeMismatch(`${operator} can't be applied to ${kindOf(one)} and ${kindOf(other)}`);
  return [left, right];
};

export const arithmetic = (operator: string, one: Value, other: Value): Value => {
  if (typeof one === "number" && typeof other === "number") {
    const fast = small(operator, one, other);
    if (fast !== null && Number.isSafeInteger(fast)) return fast + 0;
  }
  if (operator === "^") return power(one, other);
  if (isInteger(one) && isInteger(other)) return whole(operator, BigInt(one), BigInt(other));
  const [left, right] = operands(operator, one, other);
  switch (operator) {
    case "+":
      return add(left, right);
    case "-":
      return add(left, negate(right));
    case "*":
      return multiply(left, right);
    case "/":
      if (right.digits === 0n) throw new TypeMismatch("division by zero");
      return divide(left, right);
    default:
      throw new TypeMismatch(`${operator} takes integers only`);
  }
};

const small = (operator: string, one: number, other: number): number | null => {
  switch (operator) {
    case "+":
      return one + other;
    case "-":
      return one - other;
    case "*":
      return one * other;
    case "/":
      return other === 0 ? null : (one - (one % other)) / other;
    case "%":
      return other === 0 ? null : one % other;
    default:
      return null;
  }
};

const whole = (operator: string, one: bigint, other: bigint): Value => {
  switch (operator) {
    case "+":
      return integer(one + other);
    case "-":
      return integer(one - other);
    case "*":
      return integer(one * other);
    case "/":
    case "%":
      if (other === 0n) throw new TypeMismatch("division by zero");
      return integer(operator === "/" ? one / other : one % other);
    default:
      throw new TypeMismatch(`unknown operator ${operator}`);
  }
};

const power = (base: Value, exponent: Value): Value => {
  if (!isInteger(exponent) || exponent < 0)
    throw new TypeMismatch("an exponent must be an integer of at least 0");
  if (isInteger(base)) {
    if (exponent === 0) return 1;
    if (base === 0 || base === 1) return base;
    if (base === -1) return BigInt(exponent) % 2n === 0n ? 1 : -1;
    // The bits of the result are known before it is made.
    const bits = BigInt(base).toString(2).length - 1;
    if (BigInt(exponent) * BigInt(Math.max(1, bits - 1)) > 200_000n) throw new TooLarge();
    return integer(BigInt(base) ** BigInt(exponent));
  }
  if (!isFloat(base)) throw new TypeMismatch(`^ can't be applied to ${kindOf(base)}`);
  let result: Decimal = ofInteger(1);
  let square = canonical(base);
  for (let left = BigInt(exponent); left > 0n; left >>= 1n) {
    if ((left & 1n) === 1n) result = multiply(result, square);
    if (left > 1n) square = multiply(square, square);
  }
  return result;
};

export const negated = (value: Value): Value => {
  if (typeof value === "number") return 0 - value;
  if (typeof value === "bigint") return integer(-value);
  if (isFloat(value)) return negate(value);
  throw new TypeMismatch(`- can't be applied to ${kindOf(value)}`);
};

/** Negative, zero or positive. Strings are compared byte by byte. */
export const order = (one: Value, other: Value): number => {
  if (isInteger(one) && isInteger(other)) return one < other ? -1 : one > other ? 1 : 0;
  if (typeof one === "string" && typeof other === "string") return one < other ? -1 : one > other ? 1 : 0;
  const left = decimalOf(one);
  const right = decimalOf(other);
  if (left === null || right === null)
    throw new TypeMismatch(`${kindOf(one)} can't be compared with ${kindOf(other)}`);
  return compareDecimals(left, right);
};

export const compare = (operator: string, one: Value, other: Value): boolean => {
  const sign = order(one, other);
  switch (operator) {
    case "<":
      return sign < 0;
    case ">":
      return sign > 0;
    case "<=":
      return sign <= 0;
    case ">=":
      return sign >= 0;
    case "==":
      return sign === 0;
    default:
      return sign !== 0;
  }
};

/** Equal for equal values, so that they can be found in a map. */
export const keyOf = (value: Value): string => {
  if (typeof value === "string") return `"${value}`;
  if (!isFloat(value)) return String(value);
  const { digits, exponent } = canonical(value);
  return exponent === 0
    ? String(digits)
    : exponent > 0 && exponent < 400
      ? String(digits * 10n ** BigInt(exponent))
      : `${digits}e${exponent}`;
};
