/** A line for the person who waits; stdout belongs to the answer. */
export const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};
