import { printable } from "../printable.ts";

/** The format's grammar for numbers: decimal, no hexadecimal, no infinity. */
const float = /^[+-]?(?:[0-9]*\.[0-9]+|[0-9]+\.?)(?:[eE][+-]?[0-9]+)?$/u;

/** Longer is no sensible score, and is not shown in a message. */
const maxLength = 100;

/** The number that score.txt or score_multiplier.txt holds, or a sentence on why it holds none. */
export const readScore = (file: string, bytes: Uint8Array): number | string => {
  const text = Buffer.from(bytes).toString("latin1").trim();
  if (text.length > maxLength) return `${file} holds ${bytes.length} bytes instead of one number`;
  if (!float.test(text)) return `${file} holds "${printable(text)}" instead of one number`;
  const number = Number(text);
  return Number.isFinite(number) ? number : `${file} holds ${text}, which is too large`;
};
