/** Of what is said, so much is looked at. */
export const readBytes = 64 * 1024;
const lineLength = 1000;

// CSI sequences (colours), OSC sequences (links) and other two-character escapes. No two parts of one
// alternative can take the same character, so that hostile text is read in linear time.
const escapes =
  // oxlint-disable-next-line no-control-regex -- escape sequences are what this looks for
  /\u001b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~]|\][^\u0007\u001b]{0,2048}(?:\u0007|\u001b\\)|[ -/]?[0-~])/g;
// oxlint-disable-next-line no-control-regex -- so are control characters
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/**
 * The lines of what a tool says, without colours, each cut to a length that every pattern copes with.
 *
 * @param end which end counts where there is too much: compilers say the cause first, programs say it last
 */
export const readLines = (text: string, end: "first" | "last"): string[] => {
  const part = end === "first" ? text.slice(0, readBytes) : text.slice(-readBytes);
  return part
    .replace(escapes, "")
    .split(/\r?\n/)
    .map((line) => line.slice(0, lineLength).replace(controls, "").toWellFormed());
};
