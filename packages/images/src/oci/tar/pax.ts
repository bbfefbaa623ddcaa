import { bad } from "../bad.ts";

/**
 * Records `length key=value\n` of a pax header, keys and values one character per byte. Each is decoded by
 * itself: a part of a long string would keep all of it in memory.
 */
export const decodePax = (body: Buffer): Map<string, string> => {
  const records = new Map<string, string>();
  let at = 0;
  while (at < body.length) {
    const blank = body.indexOf(" ", at);
    const digits = blank === -1 || blank - at > 7 ? "" : body.toString("latin1", at, blank);
    if (!/^[1-9]\d{0,6}$/.test(digits)) throw malformed();
    const end = at + Number(digits);
    const equals = body.indexOf("=", blank);
    if (end > body.length || body[end - 1] !== newline || equals < blank + 2 || equals >= end)
      throw malformed();
    records.set(body.toString("latin1", blank + 1, equals), body.toString("latin1", equals + 1, end - 1));
    at = end;
  }
  return records;
};

const newline = 0x0a;

const malformed = () => bad("A pax header of the archive is malformed");

export const encodePax = (records: readonly (readonly [string, string])[]): Buffer =>
  Buffer.from(records.map(([key, value]) => paxRecord(` ${key}=${value}\n`)).join(""), "latin1");

/** The length counts its own digits. */
const paxRecord = (rest: string): string => {
  let length = rest.length + 1;
  while (`${length}`.length + rest.length !== length) length = `${length}`.length + rest.length;
  return `${length}${rest}`;
};
