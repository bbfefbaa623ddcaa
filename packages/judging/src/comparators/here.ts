import { accepted, rejection } from "../validators/comparison.ts";
import type { Comparison } from "../validators/comparison.ts";
import type { Comparator } from "../validators/comparator.ts";
import { compareOutput } from "../validators/default.ts";
import { defaultValidatorFlags } from "../validators/flags.ts";
import { commonStart, identity, lineAt, sameWithoutSpace, show } from "../validators/text.ts";
import { compareJson } from "./json.ts";
import { compareLines } from "./lines.ts";
import { comparePattern } from "./pattern.ts";

/** Compares in this thread, however long it takes. */
export const compareHere = (comparator: Comparator, answer: Uint8Array, output: Uint8Array): Comparison => {
  switch (comparator.kind) {
    case "default":
      return compareOutput(answer, output, comparator.flags);
    case "exact":
      return compareExact(answer, output);
    case "tokens":
      return compareOutput(answer, output, { ...defaultValidatorFlags, caseSensitive: true });
    case "numbers": {
      const { absolute, relative } = comparator;
      return compareOutput(answer, output, {
        ...defaultValidatorFlags,
        caseSensitive: true,
        // Without a tolerance 1.0 is still 1.
        floatAbsoluteTolerance: absolute ?? (relative === null ? 0 : null),
        floatRelativeTolerance: relative,
      });
    }
    case "lines":
      return compareLines(answer, output);
    case "json":
      return compareJson(answer, output, comparator);
    case "pattern":
      return comparePattern(answer, output);
  }
};

const compareExact = (answer: Uint8Array, output: Uint8Array): Comparison => {
  if (Buffer.compare(answer, output) === 0) return accepted;
  const at = commonStart(answer, output);
  const line = lineAt(output, at);
  const column = at - (at === 0 ? -1 : output.lastIndexOf(0x0a, at - 1));
  const where = `line ${line}, byte ${column}`;
  const got = at < output.length ? show(output, at) : "the end";
  const expected = at < answer.length ? show(answer, at) : "the end";
  return rejection(
    `${where}: got ${got}, expected ${expected}`,
    `the output differs from the answer at ${where}`,
    {
      whitespaceOnly: sameWithoutSpace(answer, output, identity),
    },
  );
};
