/** 1 for the bytes that separate tokens: space, form feed, line feed, carriage return, tab, vertical tab. */
export const isSpace = new Uint8Array(256);
for (const byte of [0x20, 0x0c, 0x0a, 0x0d, 0x09, 0x0b]) isSpace[byte] = 1;

export const identity = Uint8Array.from({ length: 256 }, (_, byte) => byte);
/** Letters of ASCII, and no others. */
export const lowerCase = Uint8Array.from(identity, (byte) =>
  byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte,
);

export const sameFolded = (
  x: Uint8Array,
  xStart: number,
  xEnd: number,
  y: Uint8Array,
  yStart: number,
  yEnd: number,
  fold: Uint8Array,
): boolean => {
  if (xEnd - xStart !== yEnd - yStart) return false;
  for (let at = xStart, other = yStart; at < xEnd; at++, other++) {
    if (fold[x[at] ?? 0] !== fold[y[other] ?? 0]) return false;
  }
  return true;
};

/** Whether two texts are the same when all white space is left out. */
export const sameWithoutSpace = (x: Uint8Array, y: Uint8Array, fold: Uint8Array): boolean => {
  let at = 0;
  let other = 0;
  for (;;) {
    while (at < x.length && isSpace[x[at] ?? 0] === 1) at++;
    while (other < y.length && isSpace[y[other] ?? 0] === 1) other++;
    if (at === x.length || other === y.length) return at === x.length && other === y.length;
    if (fold[x[at++] ?? 0] !== fold[y[other++] ?? 0]) return false;
  }
};

const chunk = 64 * 1024;

/** How many bytes are the same at the beginning of two texts. */
export const commonStart = (x: Uint8Array, y: Uint8Array): number => {
  const most = Math.min(x.length, y.length);
  let at = 0;
  while (at < most && Buffer.compare(x.subarray(at, at + chunk), y.subarray(at, at + chunk)) === 0)
    at += chunk;
  at = Math.min(at, most);
  while (at < most && x[at] === y[at]) at++;
  return at;
};

/** The number of the line, from 1, in which a position is. */
export const lineAt = (bytes: Uint8Array, position: number): number => {
  let line = 1;
  for (let at = bytes.indexOf(0x0a); at !== -1 && at < position; at = bytes.indexOf(0x0a, at + 1)) line++;
  return line;
};

const maxShown = 40;

/** Quoted, at most 40 bytes, everything that is not printable ASCII escaped. */
export const show = (bytes: Uint8Array, start = 0, end = bytes.length): string => {
  let text = "";
  for (const byte of bytes.subarray(start, Math.min(end, start + maxShown))) {
    if (byte === 0x22 || byte === 0x5c) text += `\\${String.fromCharCode(byte)}`;
    else if (byte === 0x0a) text += "\\n";
    else if (byte === 0x0d) text += "\\r";
    else if (byte === 0x09) text += "\\t";
    else if (byte >= 0x20 && byte < 0x7f) text += String.fromCharCode(byte);
    else text += `\\x${byte.toString(16).padStart(2, "0")}`;
  }
  return end - start > maxShown ? `"${text}…" (${end - start} bytes)` : `"${text}"`;
};
