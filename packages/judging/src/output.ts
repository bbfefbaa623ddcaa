import { isUtf8 } from "node:buffer";
import type { CapturedOutput } from "@assay/contracts";

/**
 * Bytes of a program as text. NUL can't be stored as text everywhere, so output that holds one is
 * not exact either: it comes as U+FFFD, and the bytes as base64.
 */
export const capturedOutput = (bytes: Uint8Array): CapturedOutput => {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const exact = !view.includes(0) && isUtf8(bytes);
  return { text: asText(bytes), exact, base64: exact ? null : view.toString("base64") };
};

/** Text for people: what is no UTF-8, and NUL, becomes U+FFFD. */
export const asText = (bytes: Uint8Array): string =>
  new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes).replaceAll("\0", "\ufffd");
