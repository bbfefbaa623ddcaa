/** A JSON value (RFC 8259). Numbers keep their text: what a double can't hold must not be taken for equal. */
export type Json =
  | { readonly type: "literal"; readonly value: boolean | null }
  | { readonly type: "number"; readonly text: string }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "array"; readonly items: Json[] }
  /** Of a key that is there twice the last value counts. */
  | { readonly type: "object"; readonly members: Map<string, Json> };

export type ParsedJson =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly message: string; readonly at: number };

type Container = Extract<Json, { type: "array" | "object" }>;

/** Thrown and caught in this file only. */
class Malformed extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/**
 * Reads one JSON value, in linear time and without recursion: a million brackets are no stack
 * overflow. Invalid UTF-8 within strings becomes U+FFFD.
 */
export const parseJson = (bytes: Uint8Array): ParsedJson => {
  const reader = new Reader(bytes);
  try {
    return { ok: true, value: reader.document() };
  } catch (error) {
    if (error instanceof Malformed) return { ok: false, message: error.message, at: error.at };
    throw error;
  }
};

const literals: readonly (readonly [string, boolean | null])[] = [
  ["true", true],
  ["false", false],
  ["null", null],
];
const numberForm = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/uy;

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  document(): Json {
    const open: { readonly container: Container; key: string }[] = [];
    for (;;) {
      let value: Json | null = this.#value();
      if ((value.type === "array" || value.type === "object") && !this.#closes(value)) {
        open.push({ container: value, key: value.type === "object" ? this.#key() : "" });
        continue;
      }
      // A value is complete, and perhaps with it what holds it.
      while (value !== null) {
        const around = open.at(-1);
        if (around === undefined) return this.#end(value);
        const { container } = around;
        if (container.type === "array") container.items.push(value);
        else container.members.set(around.key, value);
        if (this.#take(0x2c)) {
          if (container.type === "object") around.key = this.#key();
          value = null;
        } else {
          this.#expect(container.type === "array" ? 0x5d : 0x7d);
          open.pop();
          value = container;
        }
      }
    }
  }

  #end(value: Json): Json {
    this.#skipSpace();
    if (this.#at < this.#bytes.length) throw this.#malformed("something follows the value");
    return value;
  }

  /** A scalar, or a container that was just opened. */
  #value(): Json {
    this.#skipSpace();
    const byte = this.#bytes[this.#at];
    switch (byte) {
      case 0x7b:
        this.#at++;
        return { type: "object", members: new Map() };
      case 0x5b:
        this.#at++;
        return { type: "array", items: [] };
      case 0x22:
        return { type: "string", value: this.#string() };
      case undefined:
        throw this.#malformed("a value is missing");
      default:
        return this.#literal() ?? this.#number();
    }
  }

  #closes({ type }: Container): boolean {
    return this.#take(type === "array" ? 0x5d : 0x7d);
  }

  #key(): string {
    this.#skipSpace();
    if (this.#bytes[this.#at] !== 0x22) throw this.#malformed("a key is missing");
    const key = this.#string();
    this.#expect(0x3a);
    return key;
  }

  #string(): string {
    const start = this.#at;
    let at = start + 1;
    let isPlain = true;
    for (; ; at++) {
      const byte = this.#bytes[at];
      if (byte === undefined) throw this.#malformed("a string does not end");
      if (byte === 0x22) break;
      if (byte < 0x20) throw new Malformed("a control character stands in a string", at);
      if (byte === 0x5c) {
        isPlain = false;
        at++;
      }
    }
    this.#at = at + 1;
    const text = this.#text(start, at + 1);
    if (isPlain) return text.slice(1, -1);
    try {
      // Escapes as the language itself reads them; it is one string literal and nothing else.
      return String(JSON.parse(text));
    } catch {
      throw new Malformed("an escape in a string is wrong", start);
    }
  }

  #literal(): Json | null {
    for (const [word, value] of literals) {
      if (this.#text(this.#at, this.#at + word.length) !== word) continue;
      this.#at += word.length;
      return { type: "literal", value };
    }
    return null;
  }

  #number(): Json {
    let end = this.#at;
    while (end < this.#bytes.length && isOfNumber(this.#bytes[end] ?? 0)) end++;
    const text = this.#text(this.#at, end);
    numberForm.lastIndex = 0;
    if (numberForm.exec(text)?.[0] !== text || text === "") throw this.#malformed("this is no value");
    this.#at = end;
    return { type: "number", text };
  }

  #text(start: number, end: number): string {
    const length = Math.min(end, this.#bytes.length) - start;
    return Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + start, length).toString("utf8");
  }

  #take(byte: number): boolean {
    this.#skipSpace();
    if (this.#bytes[this.#at] !== byte) return false;
    this.#at++;
    return true;
  }

  #expect(byte: number): void {
    if (!this.#take(byte)) throw this.#malformed(`"${String.fromCharCode(byte)}" is missing`);
  }

  #skipSpace(): void {
    for (;;) {
      const byte = this.#bytes[this.#at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
      this.#at++;
    }
  }

  #malformed(message: string): Malformed {
    return new Malformed(message, this.#at);
  }
}

const isOfNumber = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) ||
  byte === 0x2b ||
  byte === 0x2d ||
  byte === 0x2e ||
  byte === 0x45 ||
  byte === 0x65;
