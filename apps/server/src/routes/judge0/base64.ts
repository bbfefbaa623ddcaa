import { decodeBase64 } from "../../sources/text.ts";

const lineLength = 60;

/** Bytes as Judge0 writes base64: in lines of 60 characters, each with its end. */
export function wrappedBase64(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString("base64");
  let lines = "";
  for (let at = 0; at < text.length; at += lineLength) lines += `${text.slice(at, at + lineLength)}\n`;
  return lines;
}

/** The bytes of base64 with line breaks anywhere, padded or not; null for anything else. */
export function unwrappedBase64(text: string): Buffer | null {
  const joined = text.replace(/\s+/g, "");
  // Counted by hand: an expression for it looks from every sign on, and megabytes of them take hours.
  let length = joined.length;
  while (joined.charAt(length - 1) === "=") length--;
  return decodeBase64(joined.slice(0, length).padEnd(Math.ceil(length / 4) * 4, "="));
}
