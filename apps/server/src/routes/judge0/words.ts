/** What Judge0 takes out of options and arguments before a shell reads them. */
const shellCharacters = /[$&;<>|`]/g;

/**
 * The words of a command line, split as a shell would: at white space, with quotes and backslashes.
 *
 * No shell ever sees them, so nothing is expanded: a star is a star.
 *
 * @returns null when a quote is not closed
 */
export function wordsOf(text: string): string[] | null {
  const line = text.replace(shellCharacters, "").trim();
  const words: string[] = [];
  let word: string | null = null;
  let quote: string | null = null;
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    const next = line.charAt(at + 1);
    if (character === "\\" && quote !== "'" && next !== "") {
      // Between double quotes a backslash keeps its meaning only before what has one there.
      word = (word ?? "") + (quote === '"' && !'"\\'.includes(next) ? `\\${next}` : next);
      at++;
    } else if (quote !== null) {
      if (character === quote) quote = null;
      else word = (word ?? "") + character;
    } else if (character === "'" || character === '"') {
      quote = character;
      word ??= "";
    } else if (/\s/.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? "") + character;
  }
  if (quote !== null) return null;
  return word === null ? words : [...words, word];
}

/** A command as a line that a shell would read so. */
export const shellWords = (words: readonly string[]): string =>
  words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`))
    .join(" ");
