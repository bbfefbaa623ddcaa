import { isAlias, isMap, isScalar, isSeq } from "yaml";
import type { LineCounter, Node, Pair } from "yaml";
import type { Findings } from "./findings.ts";

interface NumberRange {
  readonly min: number;
  readonly exclusiveMin?: boolean;
  readonly integer?: boolean;
}

/** A file that maps are read from. */
export interface ConfigSource {
  readonly file: string;
  readonly findings: Findings;
  readonly lines: LineCounter;
  /** What an alias stands for; every other node as it is. */
  readonly resolve: (node: unknown) => unknown;
}

/** Of a longer text in a configuration nobody reads the end. */
const maxTextLength = 20_000;

/**
 * A YAML map read key by key. Each getter returns null when the key is absent, and also when it has
 * the wrong type: that is reported with its file and line.
 */
export class ConfigMap {
  readonly #entries = new Map<string, { readonly line: number | null; readonly node: unknown }>();
  readonly #source: ConfigSource;
  /** Where in the file this map is, for example "limits", or null for the root. */
  readonly #prefix: string | null;

  constructor(source: ConfigSource, items: readonly Pair[], prefix: string | null) {
    this.#source = source;
    this.#prefix = prefix;
    for (const item of items) {
      if (!isScalar(item.key)) continue;
      const key = String(item.key.value);
      const line = this.#lineOfNode(item.key);
      if (key === "<<") {
        source.findings.invalid(source.file, line, 'merge keys ("<<") are not taken; write the keys out');
      } else this.#entries.set(key, { line, node: source.resolve(item.value) });
    }
  }

  get file(): string {
    return this.#source.file;
  }

  get keys(): readonly string[] {
    return [...this.#entries.keys()];
  }

  has(key: string): boolean {
    const node = this.#node(key);
    return node !== undefined && node !== null && !(isScalar(node) && node.value === null);
  }

  lineOf(key: string): number | null {
    return this.#entries.get(key)?.line ?? null;
  }

  nameOf(key: string): string {
    return this.#prefix === null ? key : `${this.#prefix}.${key}`;
  }

  invalid(key: string, message: string): void {
    this.#source.findings.invalid(this.file, this.lineOf(key), `${this.nameOf(key)} ${message}`);
  }

  warn(key: string, message: string): void {
    this.#source.findings.warn(this.file, this.lineOf(key), `${this.nameOf(key)} ${message}`);
  }

  unsupported(key: string, feature: string): void {
    this.#source.findings.unsupported(this.file, this.lineOf(key), feature);
  }

  string(key: string): string | null {
    if (!this.has(key)) return null;
    return this.#text(key, this.#node(key), "must be a string");
  }

  boolean(key: string): boolean | null {
    if (!this.has(key)) return null;
    const node = this.#node(key);
    if (isScalar(node) && typeof node.value === "boolean") return node.value;
    this.invalid(key, "must be true or false");
    return null;
  }

  number(key: string, range: NumberRange): number | null {
    if (!this.has(key)) return null;
    const node = this.#node(key);
    const value = isScalar(node) ? node.value : null;
    if (typeof value !== "number" || !Number.isFinite(value)) {
      this.invalid(key, "must be a number");
      return null;
    }
    if (range.integer === true && !Number.isSafeInteger(value)) {
      this.invalid(key, "must be a whole number");
      return null;
    }
    if (value < range.min || (range.exclusiveMin === true && value === range.min)) {
      this.invalid(key, `must be ${range.exclusiveMin === true ? "more than" : "at least"} ${range.min}`);
      return null;
    }
    return value;
  }

  isNumber(key: string): boolean {
    const node = this.#node(key);
    return isScalar(node) && typeof node.value === "number";
  }

  isBoolean(key: string): boolean {
    const node = this.#node(key);
    return isScalar(node) && typeof node.value === "boolean";
  }

  map(key: string): ConfigMap | null {
    if (!this.has(key)) return null;
    const node = this.#node(key);
    if (isMap(node)) return new ConfigMap(this.#source, node.items, this.nameOf(key));
    this.invalid(key, "must be a map of keys to values");
    return null;
  }

  isMap(key: string): boolean {
    return isMap(this.#node(key));
  }

  isList(key: string): boolean {
    return isSeq(this.#node(key));
  }

  /** A list of strings; with `words`, one string is split at white space instead. */
  strings(key: string, { words }: { readonly words: boolean }): readonly string[] | null {
    if (!this.has(key)) return null;
    const node = this.#node(key);
    if (isSeq(node)) {
      const values = node.items.map((item) => this.#source.resolve(item));
      if (!values.every((item) => isScalar(item) && item.value !== null)) {
        this.invalid(key, "must be a list of strings");
        return null;
      }
      const texts = values.map((item) => this.#text(key, item, "must be a list of strings"));
      return texts.every((text) => text !== null) ? texts : null;
    }
    if (!words) {
      this.invalid(key, "must be a list of strings");
      return null;
    }
    const text = this.string(key);
    return text === null ? null : text.split(/\s+/u).filter((word) => word !== "");
  }

  /** One string or map, or a list of such. */
  entries(key: string): readonly (string | ConfigMap)[] | null {
    if (!this.has(key)) return null;
    const node = this.#node(key);
    const items = isSeq(node) ? node.items.map((item) => this.#source.resolve(item)) : [node];
    const read = items.map((item) =>
      isMap(item)
        ? new ConfigMap(this.#source, item.items, this.nameOf(key))
        : this.#text(key, item, "must be a string, a map or a list of them"),
    );
    return read.every((item) => item !== null) ? read : null;
  }

  /** Two numbers in a list. */
  pair(key: string): readonly [number, number] | null {
    const node = this.#node(key);
    const values = isSeq(node)
      ? node.items
          .map((item) => this.#source.resolve(item))
          .map((item) => (isScalar(item) ? item.value : null))
      : [];
    const [low, high] = values;
    if (
      values.length === 2 &&
      typeof low === "number" &&
      typeof high === "number" &&
      !Number.isNaN(low) &&
      !Number.isNaN(high)
    ) {
      return [low, high];
    }
    this.invalid(key, "must be a number or a list of two numbers");
    return null;
  }

  /** Reports each key that is not in `known`. */
  rejectUnknown(known: readonly string[], report: "invalid" | "warning"): void {
    const { file, findings } = this.#source;
    for (const key of this.keys) {
      if (known.includes(key)) continue;
      const message = `unknown key "${this.nameOf(key).slice(0, 100)}"`;
      if (report === "invalid") findings.invalid(file, this.lineOf(key), message);
      else findings.warn(file, this.lineOf(key), `${message} is ignored`);
    }
  }

  #node(key: string): unknown {
    return this.#entries.get(key)?.node;
  }

  #text(key: string, node: unknown, otherwise: string): string | null {
    if (!isScalar(node) || !["string", "number", "boolean"].includes(typeof node.value)) {
      this.invalid(key, isAlias(node) ? "uses an alias without anchor" : otherwise);
      return null;
    }
    // The source keeps "1.10" and "legacy" alike as they were written.
    const text = typeof node.value === "string" ? node.value : (node.source ?? String(node.value));
    if (text.length > maxTextLength) {
      this.invalid(key, `has more than ${maxTextLength} characters`);
      return null;
    }
    // Neither can be stored, or passed to a program.
    if (text.includes("\0") || !text.isWellFormed()) {
      this.invalid(key, "holds what is no text, such as a NUL");
      return null;
    }
    return text;
  }

  #lineOfNode(node: Node): number | null {
    const start = node.range?.[0];
    return start === undefined ? null : this.#source.lines.linePos(start).line;
  }
}
