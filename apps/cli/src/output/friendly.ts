import type { Diagnostic } from "@assay/contracts";
import { explain, languageOfEnvironment } from "@assay/languages";
import { printable } from "./text.ts";

/** So many of a compilation are explained: who mends these sees the next. */
const most = 3;

/** Messages with their explanations in the language of this command's environment. */
export const explained = (diagnostics: readonly Diagnostic[]): Diagnostic[] => {
  const language = languageOfEnvironment(process.env);
  return diagnostics.map((diagnostic) => explain(diagnostic, language));
};

const placeOf = ({ file, line }: Diagnostic): string => {
  if (file === null) return "";
  return line === null ? `${file}: ` : `${file}:${line}: `;
};

/** What beginners should know of messages, a line and a hint each; "" where nothing is known. */
export const friendly = (diagnostics: readonly Diagnostic[]): string =>
  explained(diagnostics)
    .filter(({ explanation }) => explanation !== null)
    // Errors explain why there is no program; warnings only where nothing else does.
    .toSorted((a, b) => Number(a.kind !== "error") - Number(b.kind !== "error"))
    .slice(0, most)
    .map((one) => printable(`${placeOf(one)}${one.explanation}\n  → ${one.hint}\n`))
    .join("");
