import { printable } from "./text.ts";

/** A line for the person who waits; stdout belongs to the answer. */
export const say = (text: string): void => {
  process.stderr.write(`${printable(text)}\n`);
};
