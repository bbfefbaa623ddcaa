/** White space and NUL, which Ruby's rstrip takes away. */
const isBlank = (byte: number | undefined): boolean =>
  byte === 0 || byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);

/**
 * Whether an output is what was expected: blanks at the ends of lines and empty lines at the end do not
 * count, everything else does. Bytes, so that output which is no text can be compared.
 */
export const sameOutput = (expected: Buffer, actual: Buffer): boolean =>
  stripped(expected).equals(stripped(actual));

function stripped(bytes: Buffer): Buffer {
  const kept = Buffer.alloc(bytes.length);
  let length = 0;
  // Behind the last byte of the line that is no blank.
  let end = 0;
  for (const byte of bytes) {
    if (byte === 0x0a) length = end;
    kept[length++] = byte;
    if (byte === 0x0a || !isBlank(byte)) end = length;
  }
  while (length > 0 && isBlank(kept[length - 1])) length--;
  return kept.subarray(0, length);
}
