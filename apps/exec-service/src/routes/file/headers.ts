/** Bytes that are in no text: control characters but tabs, ends of lines and pages, and escape. */
const isBinary = (byte: number): boolean => byte < 0x20 && ![0x09, 0x0a, 0x0c, 0x0d, 0x1b].includes(byte);

const SNIFFED_BYTES = 512;

/** Text or not, by its beginning. */
export const contentType = (beginning: Uint8Array): string =>
  beginning.subarray(0, SNIFFED_BYTES).some(isBinary)
    ? "application/octet-stream"
    : "text/plain; charset=utf-8";

/** The Content-Disposition of a file to be saved, whatever its name holds. */
export function attachment(name: string): string {
  if (/^[\x20-\x7e]*$/.test(name)) return `attachment; filename="${name.replaceAll(/["\\]/g, "\\$&")}"`;
  const encoded = encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename*=UTF-8''${encoded}`;
}
