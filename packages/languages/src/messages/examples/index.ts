import { cExamples } from "./c.ts";
import { cppExamples } from "./cpp.ts";
import type { Example } from "./example.ts";
import { javaExamples } from "./java.ts";
import { javascriptExamples } from "./javascript.ts";
import { pythonExamples } from "./python.ts";

export type { Example } from "./example.ts";

/** By the id of the language that they are in. */
export const examples: ReadonlyMap<string, readonly Example[]> = new Map([
  ["c", cExamples],
  ["cpp", cppExamples],
  ["java", javaExamples],
  ["javascript", javascriptExamples],
  ["python", pythonExamples],
]);
