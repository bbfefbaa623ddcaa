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

/** Characters that terminals show in two columns: those of East Asian scripts, and most emoji. */
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u;
/** Those that are shown within the one before. */
const combining = /^[\p{Mn}\p{Me}\p{Cf}]/u;

const widthOf = (character: string): number => {
  if (combining.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
};

/** Where in `text` so many columns are passed, from 1, when each character takes what `advance` says. */
const columnBy = (
  text: string,
  column: number,
  advance: (shown: number, character: string) => number,
): number => {
  let shown = 0;
  let index = 0;
  for (const character of text) {
    if (shown >= column - 1) break;
    shown = advance(shown, character);
    index += character.length;
  }
  return index + 1;
};

const byWidth = (shown: number, character: string): number => shown + widthOf(character);
const byCharacter = (shown: number): number => shown + 1;

/** A column that counts what a terminal shows, a tab as what it takes to the next multiple of 8. */
export const fromDisplayColumn = (sources: Sources, file: string, line: number, column: number): number => {
  const text = knownLine(sources, file, line);
  if (text === null) return column;
  return columnBy(text, column, (shown, character) =>
    character === "\t" ? shown + 8 - (shown % 8) : byWidth(shown, character),
  );
};

/** A column that counts characters, also those that take two units of UTF-16, as one. */
export const fromCharacterColumn = (sources: Sources, file: string, line: number, column: number): number => {
  const text = knownLine(sources, file, line);
  return text === null ? column : columnBy(text, column, byCharacter);
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

/**
 * Where `shown`, a line without its indentation, is marked at `column` from 1: as a column in the line.
 * Marks are set by characters or by what a terminal shows; null where that makes a difference.
 */
export const fromTrimmedColumn = (
  sources: Sources,
  file: string,
  line: number,
  shown: { readonly text: string; readonly column: number },
): number | null => {
  const text = knownLine(sources, file, line);
  const trimmed = shown.text.trim();
  if (text === null || text.trim() !== trimmed) return null;
  const column = columnBy(trimmed, shown.column, byCharacter);
  if (column !== columnBy(trimmed, shown.column, byWidth)) return null;
  return text.length - text.trimStart().length + column;
};
