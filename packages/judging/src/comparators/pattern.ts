import { accepted, rejection } from "../validators/comparison.ts";
import type { Comparison } from "../validators/comparison.ts";
import { show } from "../validators/text.ts";

/**
 * The output, without white space at its end, matches a regular expression of JavaScript (with the flag
 * `u`) as a whole. White space at the end of the pattern is no part of it: editors put a line end there.
 */
export const comparePattern = (answer: Uint8Array, output: Uint8Array): Comparison => {
  const pattern = Buffer.from(answer).toString("utf8").trimEnd();
  const text = Buffer.from(output).toString("utf8").trimEnd();
  const broken = whyBroken(pattern);
  if (broken !== null) {
    const message = `the answer is no regular expression: ${broken}`;
    return rejection(message, "the answer can't be compared with", { brokenAnswer: true });
  }
  if (new RegExp(`^(?:${pattern})$`, "u").test(text)) return accepted;
  return rejection(
    `the output ${show(output)} does not match ${show(Buffer.from(pattern))}`,
    "the output has not the form that is asked for",
  );
};

/** By itself first: half of a pattern, put between brackets of ours, might be a whole one. */
const whyBroken = (pattern: string): string | null => {
  try {
    return new RegExp(pattern, "u") instanceof RegExp ? null : "it is none";
  } catch (error) {
    return error instanceof Error ? error.message.slice(0, 200) : String(error);
  }
};
