/** For text and for values of attributes in quotes. */
export const escapeHtml = (value: string): string =>
  value.replace(/[&<>"']/gu, (character) => `&#${character.charCodeAt(0)};`);
