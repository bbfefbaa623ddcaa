import { AssayError } from "@assay/contracts";

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const base64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** How a request carries bytes: as text, or as base64. */
export interface Carried {
  readonly content: string;
  readonly encoding: "utf8" | "base64";
}

/** The bytes of a base64 string, or null when it is not canonical base64. */
export function decodeBase64(text: string): Buffer | null {
  // One class and no groups: a regular expression that could backtrack would overflow on megabytes.
  if (text.length % 4 !== 0 || !base64.test(text)) return null;
  return Buffer.from(text, "base64");
}

/**
 * A source file's text.
 *
 * @throws AssayError `source_not_text` for NUL bytes, lone surrogates, or base64 of anything but UTF-8
 */
export function sourceText(where: string, { content, encoding }: Carried): string {
  const text = encoding === "utf8" ? content : decodeText(where, content);
  if (text.includes("\0")) throw notText(where, "holds a NUL byte");
  if (!text.isWellFormed()) throw notText(where, "holds half of a surrogate pair, which UTF-8 can't carry");
  return text;
}

function decodeText(where: string, content: string): string {
  const bytes = decodeBase64(content);
  if (bytes === null) throw notText(where, "is not valid base64");
  try {
    return strictUtf8.decode(bytes);
  } catch {
    throw notText(where, "is not UTF-8: save it in that encoding");
  }
}

function notText(where: string, what: string): AssayError {
  return new AssayError("source_not_text", `${where} ${what}.`, {
    issues: [{ where, line: null, message: what }],
  });
}
