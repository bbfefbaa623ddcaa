/** Where an input fails its program. */
export class Mismatch extends Error {
  override readonly name = "Mismatch";
  /** Bytes from the start of the input. */
  readonly at: number;

  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

const newline = 10;
const space = 32;
const isBlank = (code: number): boolean =>
  code === space || code === 9 || code === 11 || code === 12 || code === 13;
const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** What stands at a place of the input, for a message. */
const show = (data: string, at: number): string => {
  if (at >= data.length) return "the end of the input";
  const code = data.charCodeAt(at);
  if (code === newline) return "a newline";
  if (code === space) return "a space";
  if (code < 33 || code > 126) return `the byte 0x${code.toString(16).padStart(2, "0")}`;
  return JSON.stringify(/^[!-~]{1,30}/u.exec(data.slice(at, at + 30))?.[0] ?? "");
};

const decimalForms = {
  any: /-?[0-9]+(?:\.(?<decimals>[0-9]+))?(?:[eE][+-]?[0-9]+)?/uy,
  fixed: /-?[0-9]+(?:\.(?<decimals>[0-9]+))?/uy,
  scientific: /-?[0-9]+(?:\.(?<decimals>[0-9]+))?[eE][+-]?[0-9]+/uy,
} as const;

/** The input, read from its start to its end. One character is one byte. */
export class Reader {
  readonly data: string;
  readonly #lenient: boolean;
  at = 0;

  /** `lenient`: runs of blanks count as one space, and blanks around newlines do not count. */
  constructor(data: string, lenient: boolean) {
    this.data = data;
    this.#lenient = lenient;
    if (lenient) this.#skipBlanks();
  }

  fail(message: string, at = this.at): never {
    throw new Mismatch(at, message);
  }

  get atEnd(): boolean {
    return this.at >= this.data.length;
  }

  get found(): string {
    return show(this.data, this.at);
  }

  #skipBlanks(): void {
    while (isBlank(this.data.charCodeAt(this.at))) this.at++;
  }

  space(): void {
    const code = this.data.charCodeAt(this.at);
    if (code !== space && !(this.#lenient && isBlank(code)))
      this.fail(`expected a space, found ${this.found}`);
    this.at++;
    if (this.#lenient) this.#skipBlanks();
  }

  newline(): void {
    if (this.#lenient) this.#skipBlanks();
    if (this.data.charCodeAt(this.at) !== newline) {
      const windows = this.data.startsWith("\r\n", this.at) ? " (a Windows line end)" : "";
      this.fail(`expected a newline, found ${this.found}${windows}`);
    }
    this.at++;
    if (this.#lenient) this.#skipBlanks();
  }

  end(): void {
    if (!this.atEnd) this.fail(`expected the end of the input, found ${this.found}`);
  }

  text(expected: string): void {
    if (this.data.startsWith(expected, this.at)) {
      this.at += expected.length;
      return;
    }
    let same = 0;
    while (this.data[this.at + same] === expected[same]) same++;
    const wanted = JSON.stringify(expected.length > 60 ? `${expected.slice(0, 60)}…` : expected);
    this.fail(`expected the string ${wanted}, found ${show(this.data, this.at + same)}`, this.at + same);
  }

  /** The text of an integer without leading zeros, not yet passed over. */
  integer(): string {
    let end = this.at;
    if (this.data.charCodeAt(end) === 45) end++;
    const first = end;
    while (isDigit(this.data.charCodeAt(end))) end++;
    if (end === first) this.fail(`expected an integer, found ${this.found}`);
    if (this.data.charCodeAt(first) === 48) {
      if (end - first > 1) this.fail("an integer with leading zeros");
      if (first > this.at) this.fail("the integer -0, which is written 0");
    }
    return this.data.slice(this.at, end);
  }

  /** The text of a float, not yet passed over, and how many digits follow its point. */
  float(form: keyof typeof decimalForms): { readonly text: string; readonly decimals: number } {
    const pattern = decimalForms[form];
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.data);
    if (found === null) {
      const name = form === "any" ? "a float" : `a float in ${form} notation`;
      return this.fail(`expected ${name}, found ${this.found}`);
    }
    return { text: found[0], decimals: found.groups?.["decimals"]?.length ?? 0 };
  }
}
