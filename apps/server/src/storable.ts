/** PostgreSQL's text and jsonb take neither NUL nor half a surrogate pair; both become U+FFFD. */
export const storableText = (text: string): string => text.replaceAll("\0", "\ufffd").toWellFormed();

/** A value as JSON that jsonb takes, every string in it made storable. */
export const storableJson = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) => (typeof part === "string" ? storableText(part) : part));
