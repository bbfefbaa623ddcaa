import { AssayError } from "@assay/contracts";
import { jsonFaultPosition } from "./json-position.ts";

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Decodes a JSON body that must be UTF-8.
 *
 * @throws AssayError `body_not_utf8`, or `malformed_json` with line and column of the fault
 */
export function parseJsonBody(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = strictUtf8.decode(bytes);
  } catch (cause) {
    throw new AssayError("body_not_utf8", "The body holds bytes that are not UTF-8.", { cause });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw malformed(text, cause);
  }
}

function malformed(text: string, cause: unknown): AssayError {
  const position = jsonFaultPosition(text);
  const before = text.slice(0, position);
  const line = before.split("\n").length;
  const column = position - before.lastIndexOf("\n");
  const detail = `The body is not JSON at line ${line}, column ${column} (character ${position}).`;
  const message = position === text.length ? "JSON breaks off here" : "this character can't stand here";
  return new AssayError("malformed_json", detail, {
    issues: [{ where: `body:${line}:${column}`, line, message }],
    cause,
  });
}
