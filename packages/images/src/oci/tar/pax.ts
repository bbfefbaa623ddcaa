import { bad } from "../bad.ts";

/** Records `length key=value\n` of a pax header, keys and values one character per byte. */
export const decodePax = (body: Buffer): Map<string, string> => {
  const records = new Map<string, string>();
  const text = body.toString("latin1");
  let at = 0;
  while (at < text.length) {
    const blank = text.indexOf(" ", at);
    const digits = blank === -1 ? "" : text.slice(at, blank);
    if (!/^[1-9]\d{0,6}$/.test(digits)) throw malformed();
    const end = at + Number(digits);
    const record = text.slice(blank + 1, end - 1);
    const equals = record.indexOf("=");
    if (end > text.length || end - 1 <= blank || text[end - 1] !== "\n" || equals < 1) throw malformed();
    records.set(record.slice(0, equals), record.slice(equals + 1));
    at = end;
  }
  return records;
};

const malformed = () => bad("A pax header of the archive is malformed");

export const encodePax = (records: readonly (readonly [string, string])[]): Buffer =>
  Buffer.from(records.map(([key, value]) => paxRecord(` ${key}=${value}\n`)).join(""), "latin1");

/** The length counts its own digits. */
const paxRecord = (rest: string): string => {
  let length = rest.length + 1;
  while (`${length}`.length + rest.length !== length) length = `${length}`.length + rest.length;
  return `${length}${rest}`;
};
