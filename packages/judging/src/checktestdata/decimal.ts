/** A decimal number of any size: digits times ten to the power of exponent. Sums and products are exact. */
export interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

/** A number that no honest program needs; beyond it arithmetic would cost without end. */
export class TooLarge extends Error {
  override readonly name = "TooLarge";
  constructor() {
    super("a number with too many digits");
  }
}

const maxBits = 100_000;
const maxExponent = 1_000_000_000;
/** Digits of a quotient that does not end. */
const quotientDigits = 80;
const bound = 1n << BigInt(maxBits);
/** More digits than `bound` has. */
export const maxDigits = 30_104;

export const bounded = (value: bigint): bigint => {
  if (value > bound || value < -bound) throw new TooLarge();
  return value;
};

/** The value of `-?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?`. Throws TooLarge. */
export const parseDecimal = (text: string): Decimal => {
  const [mantissa = "", exponent = "0"] = text.split(/[eE]/u);
  const [whole = "", fraction = ""] = mantissa.split(".");
  if (whole.length + fraction.length > maxDigits) throw new TooLarge();
  const digits = BigInt(whole + fraction);
  if (digits === 0n) return { digits, exponent: 0 };
  const power = Number(exponent) - fraction.length;
  if (Math.abs(power) > maxExponent) throw new TooLarge();
  return { digits, exponent: power };
};

export const ofInteger = (value: number | bigint): Decimal => ({ digits: BigInt(value), exponent: 0 });

const shifted = (value: bigint, places: number): bigint => {
  if (places > maxDigits) throw new TooLarge();
  return places === 0 ? value : bounded(value * 10n ** BigInt(places));
};

const aligned = (one: Decimal, other: Decimal): readonly [bigint, bigint, number] => {
  const exponent = Math.min(one.exponent, other.exponent);
  return [
    shifted(one.digits, one.exponent - exponent),
    shifted(other.digits, other.exponent - exponent),
    exponent,
  ];
};

export const add = (one: Decimal, other: Decimal): Decimal => {
  if (one.digits === 0n) return other;
  if (other.digits === 0n) return one;
  const [left, right, exponent] = aligned(one, other);
  return { digits: bounded(left + right), exponent };
};

export const negate = (one: Decimal): Decimal => ({ digits: -one.digits, exponent: one.exponent });

export const multiply = (one: Decimal, other: Decimal): Decimal => {
  const exponent = one.exponent + other.exponent;
  if (Math.abs(exponent) > maxExponent) throw new TooLarge();
  return { digits: bounded(one.digits * other.digits), exponent };
};

/** To 80 significant digits. The divisor is not zero. */
export const divide = (one: Decimal, other: Decimal): Decimal => {
  const places = Math.max(0, quotientDigits + digitsOf(other.digits) - digitsOf(one.digits));
  return {
    digits: shifted(one.digits, places) / other.digits,
    exponent: one.exponent - other.exponent - places,
  };
};

/** Negative, zero or positive as `one` is smaller than, equal to or larger than `other`. */
export const compareDecimals = (one: Decimal, other: Decimal): number => {
  const sign = signOf(one.digits);
  if (sign !== signOf(other.digits) || sign === 0) return sign - signOf(other.digits);
  // Magnitudes first: numbers that are far apart never need to be written out.
  const left = digitsOf(one.digits) + one.exponent;
  const right = digitsOf(other.digits) + other.exponent;
  if (left !== right) return sign * (left - right);
  const [first, second] = aligned(one, other);
  return first < second ? -1 : first > second ? 1 : 0;
};

/** One way of writing for equal values. */
export const canonical = ({ digits, exponent }: Decimal): Decimal => {
  if (digits === 0n) return { digits, exponent: 0 };
  const text = digits.toString();
  const zeros = text.length - text.replace(/0+$/u, "").length;
  return zeros === 0
    ? { digits, exponent }
    : { digits: BigInt(text.slice(0, -zeros)), exponent: exponent + zeros };
};

export const showDecimal = ({ digits, exponent }: Decimal): string =>
  exponent === 0 ? digits.toString() : `${digits}e${exponent}`;

const signOf = (value: bigint): number => (value > 0n ? 1 : value < 0n ? -1 : 0);

const digitsOf = (value: bigint): number => {
  const text = value.toString();
  return value < 0n ? text.length - 1 : text.length;
};
