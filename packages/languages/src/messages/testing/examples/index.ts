import { cExamples } from "./c.ts";
import { cppExamples } from "./cpp.ts";
import type { Example } from "./example.ts";
import { javaExamples } from "./java.ts";
import { javascriptExamples } from "./javascript.ts";
import {
  csharpExamples,
  goExamples,
  kotlinExamples,
  phpExamples,
  rubyExamples,
  rustExamples,
  typescriptExamples,
} from "./others.ts";
import { pythonExamples } from "./python.ts";

export type { Example } from "./example.ts";

/** By the id of the language that they are in. */
export const examples: ReadonlyMap<string, readonly Example[]> = new Map([
  ["c", cExamples],
  ["cpp", cppExamples],
  ["csharp", csharpExamples],
  ["go", goExamples],
  ["java", javaExamples],
  ["javascript", javascriptExamples],
  ["kotlin", kotlinExamples],
  ["php", phpExamples],
  ["python", pythonExamples],
  ["ruby", rubyExamples],
  ["rust", rustExamples],
  ["typescript", typescriptExamples],
]);
