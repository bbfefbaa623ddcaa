/**
 * Decimal numbers as they stand in an output: [+-] digits with at most one point, and [eE][+-]digits.
 * No hexadecimal, no infinity, no NaN. Texts of many MiB are read in linear time.
 */
export interface Decimal {
  /** The nearest double; infinite beyond their range. */
  readonly value: number;
  /** Whether it has so few digits that no other such number has the same value. */
  readonly isShort: boolean;
  /** Of its text. */
  readonly length: number;
  readonly text: () => string;
}

const zero = 0x30;
const nine = 0x39;

/** Powers of ten that are doubles without rounding. */
const exactPowers = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);
/** So many digits are a double without rounding. */
const exactDigits = 15;

/** The number that is all of `bytes` from `start` to `end`; null when that is none. */
export const decimalAt = (bytes: Uint8Array, start: number, end: number): Decimal | null => {
  let at = start;
  const sign = bytes[at];
  if (sign === 0x2b || sign === 0x2d) at++;
  let mantissa = 0;
  let digits = 0;
  let significant = 0;
  let fraction = 0;
  let hasPoint = false;
  for (; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte >= zero && byte <= nine) {
      digits++;
      if (hasPoint) fraction++;
      if (significant > 0 || byte > zero) significant++;
      if (significant <= exactDigits) mantissa = mantissa * 10 + (byte - zero);
    } else if (byte === 0x2e && !hasPoint) hasPoint = true;
    else break;
  }
  if (digits === 0) return null;
  const hasExponent = at < end;
  if (hasExponent && !isExponent(bytes, at, end)) return null;
  const text = (): string =>
    Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
  const power = hasExponent || significant > exactDigits ? undefined : exactPowers[fraction];
  if (power === undefined) return { value: Number(text()), isShort: false, length: end - start, text };
  const value = mantissa / power;
  return { value: sign === 0x2d ? -value : value, isShort: true, length: end - start, text };
};

const isExponent = (bytes: Uint8Array, start: number, end: number): boolean => {
  const letter = bytes[start];
  if (letter !== 0x65 && letter !== 0x45) return false;
  let at = start + 1;
  if (bytes[at] === 0x2b || bytes[at] === 0x2d) at++;
  if (at >= end) return false;
  for (; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte < zero || byte > nine) return false;
  }
  return true;
};

/** Null = that way of being near is not asked for. */
export interface Tolerances {
  readonly absolute: number | null;
  readonly relative: number | null;
}

/** Whether |got - expected| <= absolute or <= relative * |expected|, in exact arithmetic where doubles don't tell. */
export const isNear = (got: Decimal, expected: Decimal, tolerances: Tolerances): boolean => {
  const { absolute, relative } = tolerances;
  // Of at most 15 digits, different numbers are different doubles.
  if (got.isShort && expected.isShort && got.value === expected.value) return true;
  const difference = Math.abs(got.value - expected.value);
  const size = Math.abs(expected.value);
  // Each value is off by at most half of its last bit, and so is what is computed of them.
  const error = 2 ** -51 * (Math.abs(got.value) + size);
  // The larger bound decides; -1 = there is none.
  const bound = Math.max(absolute ?? -1, relative === null ? -1 : relative * size);
  if (Number.isFinite(difference)) {
    if (difference + error <= bound) return true;
    if (difference - error > bound) return false;
  }
  const exact = exactlyNear(got, expected, tolerances);
  if (exact !== null) return exact;
  // An answer beyond the range of numbers would have everything within its relative tolerance.
  return Number.isFinite(difference) && Number.isFinite(bound) && difference <= bound;
};

/** |got - expected|, in exact arithmetic where neighbours may be the same double. */
export const distance = (got: Decimal, expected: Decimal): number => {
  const near = Math.abs(got.value - expected.value);
  if (near > 0 && Number.isFinite(near)) return near;
  const [s, a] = [scaledOrNull(got), scaledOrNull(expected)];
  if (s === null || a === null) return near;
  const least = Math.min(s.exponent, a.exponent);
  const difference = raised(s, least) - raised(a, least);
  return Number(`${difference < 0n ? -difference : difference}e${least}`);
};

/** Arithmetic on longer numbers takes too long to be done for whoever prints them. */
const maxDigits = 4096;

interface Scaled {
  readonly digits: bigint;
  readonly exponent: number;
}

const scaled = (text: string): Scaled | null => {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^([+-]?)([0-9]*)\.?([0-9]*)(?:[eE]([+-]?[0-9]+))?$/u.exec(text) ?? [];
  const power = Number(exponent);
  if (whole.length + fraction.length > maxDigits || Math.abs(power) > maxDigits) return null;
  const digits = BigInt(`0${whole}${fraction}`);
  return { digits: sign === "-" ? -digits : digits, exponent: power - fraction.length };
};

const scaledOrNull = ({ length, text }: Decimal): Scaled | null =>
  length > 2 * maxDigits ? null : scaled(text());

const raised = ({ digits, exponent }: Scaled, least: number): bigint =>
  digits * 10n ** BigInt(exponent - least);

/** Null when the numbers are too long for it. */
const exactlyNear = (got: Decimal, expected: Decimal, { absolute, relative }: Tolerances): boolean | null => {
  const [s, a] = [scaledOrNull(got), scaledOrNull(expected)];
  if (s === null || a === null) return null;
  const within = (tolerance: number | null, of: Scaled): boolean => {
    // The shortest text of a tolerance is the one that was meant: 0.1, not the double next to it.
    const epsilon = tolerance === null ? null : scaled(String(tolerance));
    if (epsilon === null) return false;
    const bound: Scaled = {
      digits: epsilon.digits * (of.digits < 0n ? -of.digits : of.digits),
      exponent: epsilon.exponent + of.exponent,
    };
    const least = Math.min(s.exponent, a.exponent, bound.exponent);
    const difference = raised(s, least) - raised(a, least);
    return (difference < 0n ? -difference : difference) <= raised(bound, least);
  };
  return within(absolute, { digits: 1n, exponent: 0 }) || within(relative, a);
};
