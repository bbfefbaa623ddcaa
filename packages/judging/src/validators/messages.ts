import { asText } from "../output.ts";
import { printable } from "../printable.ts";

/** More than this nobody reads, and every result would carry it. In characters. */
const maxMessage = 4096;

/** A message of a validator, made fit to be shown and cut; null when there is nothing to say. */
export const messageOf = (bytes: Uint8Array): string | null => {
  // A character has at most four bytes, so this is all that can be shown.
  const text = asText(bytes.subarray(0, 4 * maxMessage + 4))
    .replaceAll("\r\n", "\n")
    .trim();
  if (text === "") return null;
  const characters = Array.from(printable(text, "\n\t"));
  if (characters.length <= maxMessage && bytes.length <= 4 * maxMessage + 4) return characters.join("");
  return `${characters.slice(0, maxMessage).join("")}…\n(cut; the message has ${bytes.length} bytes)`;
};

/** The first line of a message, as evidence quotes it. */
export const firstLine = (message: string): string => {
  const [line = ""] = message.split("\n", 1);
  const characters = Array.from(line);
  return characters.length > 200 ? `${characters.slice(0, 200).join("")}…` : line;
};
