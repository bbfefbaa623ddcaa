const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Text of programs that may be shown: controls, and marks that reorder or hide text, must not reach a
 * terminal or a page. `keep` are those that may stay.
 */
export const printable = (text: string, keep = ""): string =>
  text.replace(invisible, (character) =>
    keep.includes(character) ? character : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
