import type { Sources } from "./parser.ts";

/** Where a line of `^` and `~` points to, from 1; null when it is no such line. */
export const caretColumn = (line: string | undefined): number | null => {
  if (line === undefined || !/^[ \t]*[~^][ ~^\t]*$/.test(line)) return null;
  return line.search(/[~^]/) + 1;
};

/**
 * Columns of longer lines stay as the tool counts them. Each message may name the same line, and counting
 * goes through all of it.
 */
const longestLine = 2000;

const knownLine = (sources: Sources, file: string | null, line: number | null): string | null => {
  const own = file === null ? null : sources.own(file);
  const text = own === null || line === null ? null : sources.line(own, line);
  return text === null || text.length > longestLine ? null : text;
};

/** A column that counts a tab as what it takes to the next multiple of 8, as a column in the line. */
export const fromDisplayColumn = (sources: Sources, file: string, line: number, column: number): number => {
  const text = knownLine(sources, file, line);
  if (text === null || !text.includes("\t")) return column;
  let shown = 0;
  for (let index = 0; index < text.length; index += 1) {
    if (shown >= column - 1) return index + 1;
    shown = text[index] === "\t" ? shown + 8 - (shown % 8) : shown + 1;
  }
  return text.length + 1;
};

/** A column that counts bytes of UTF-8, as a column in the line. */
export const fromByteColumn = (sources: Sources, file: string, line: number, column: number): number => {
  const text = knownLine(sources, file, line);
  return text === null
    ? column
    : Buffer.from(text)
        .subarray(0, column - 1)
        .toString().length + 1;
};

/** Where `shown`, a line without its indentation, is marked at `column` from 1: as a column in the line. */
export const fromTrimmedColumn = (
  sources: Sources,
  file: string,
  line: number,
  shown: { readonly text: string; readonly column: number },
): number | null => {
  const text = knownLine(sources, file, line);
  if (text === null) return null;
  return text.trim() === shown.text.trim() ? text.length - text.trimStart().length + shown.column : null;
};
