import { LineCounter, isMap, isScalar, isSeq, parseDocument } from "yaml";
import type { Node, Pair } from "yaml";
import type { Findings } from "./findings.ts";
import type { PackageFiles } from "./files.ts";

const maxConfigBytes = 1024 * 1024;

/** The text of a UTF-8 file, or null after reporting why it is none. */
export const readText = async (
  files: PackageFiles,
  path: string,
  findings: Findings,
): Promise<string | null> => {
  const bytes = await files.read(path);
  if (bytes.length > maxConfigBytes) {
    findings.invalid(path, null, `is larger than ${maxConfigBytes} bytes`);
    return null;
  }
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    findings.invalid(path, 1, "starts with a byte order mark; save it as UTF-8 without one");
    return null;
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    findings.invalid(path, null, "is not UTF-8");
    return null;
  }
};

/** Reads a YAML file whose root is a map; problems become findings and an empty map. */
export const readConfig = async (
  files: PackageFiles,
  path: string,
  findings: Findings,
): Promise<ConfigMap> => {
  const lines = new LineCounter();
  const empty = new ConfigMap(path, findings, lines, [], null);
  const text = await readText(files, path, findings);
  if (text === null) return empty;
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
    for (const error of document.errors) {
      findings.invalid(path, lines.linePos(error.pos[0]).line, firstLine(error.message));
    }
    if (document.errors.length > 0 || document.contents === null) return empty;
    if (!isMap(document.contents)) {
      if (isScalar(document.contents) && document.contents.value === null) return empty;
      findings.invalid(path, 1, "must be a map of keys to values");
      return empty;
    }
    return new ConfigMap(path, findings, lines, document.contents.items, null);
  } catch (error) {
    // The parser recurses: nesting deep enough overflows the stack.
    findings.invalid(
      path,
      null,
      error instanceof RangeError ? "is nested too deeply" : firstLine(String(error)),
    );
    return empty;
  }
};

const firstLine = (text: string): string => text.split("\n", 1)[0] ?? text;

interface NumberRange {
  readonly min: number;
  readonly exclusiveMin?: boolean;
  readonly integer?: boolean;
}

/**
 * A YAML map read key by key. Each getter returns null when the key is absent, and also when it has
 * the wrong type: that is reported with its file and line.
 */
export class ConfigMap {
  readonly #entries = new Map<string, { readonly line: number | null; readonly node: unknown }>();
  readonly file: string;
  /** Where in the file this map is, for example "limits", or null for the root. */
  readonly #prefix: string | null;
  readonly #findings: Findings;
  readonly #lines: LineCounter;

  constructor(
    file: string,
    findings: Findings,
    lines: LineCounter,
    items: readonly Pair[],
    prefix: string | null,
  ) {
    this.file = file;
    this.#findings = findings;
    this.#lines = lines;
    this.#prefix = prefix;
    for (const item of items) {
      if (isScalar(item.key)) {
        this.#entries.set(String(item.key.value), { line: this.#lineOfNode(item.key), node: item.value });
      }
    }
  }

  get keys(): readonly string[] {
    return [...this.#entries.keys()];
  }

  has(key: string): boolean {
    const node = this.#entries.get(key)?.node;
    return node !== undefined && node !== null && !(isScalar(node) && node.value === null);
  }

  lineOf(key: string): number | null {
    return this.#entries.get(key)?.line ?? null;
  }

  nameOf(key: string): string {
    return this.#prefix === null ? key : `${this.#prefix}.${key}`;
  }

  invalid(key: string, message: string): void {
    this.#findings.invalid(this.file, this.lineOf(key), `${this.nameOf(key)} ${message}`);
  }

  string(key: string): string | null {
    if (!this.has(key)) return null;
    const node = this.#entries.get(key)?.node;
    if (isScalar(node) && ["string", "number", "boolean"].includes(typeof node.value)) {
      // The source keeps "1.10" and "legacy" alike as they were written.
      return typeof node.value === "string" ? node.value : (node.source ?? String(node.value));
    }
    this.invalid(key, "must be a string");
    return null;
  }

  boolean(key: string): boolean | null {
    if (!this.has(key)) return null;
    const node = this.#entries.get(key)?.node;
    if (isScalar(node) && typeof node.value === "boolean") return node.value;
    this.invalid(key, "must be true or false");
    return null;
  }

  number(key: string, range: NumberRange): number | null {
    if (!this.has(key)) return null;
    const node = this.#entries.get(key)?.node;
    const value = isScalar(node) ? node.value : null;
    if (typeof value !== "number" || !Number.isFinite(value)) {
      this.invalid(key, "must be a number");
      return null;
    }
    if (range.integer === true && !Number.isInteger(value)) {
      this.invalid(key, "must be a whole number");
      return null;
    }
    if (value < range.min || (range.exclusiveMin === true && value === range.min)) {
      this.invalid(key, `must be ${range.exclusiveMin === true ? "more than" : "at least"} ${range.min}`);
      return null;
    }
    return value;
  }

  map(key: string): ConfigMap | null {
    if (!this.has(key)) return null;
    const node = this.#entries.get(key)?.node;
    if (isMap(node)) {
      return new ConfigMap(this.file, this.#findings, this.#lines, node.items, this.nameOf(key));
    }
    this.invalid(key, "must be a map of keys to values");
    return null;
  }

  isMap(key: string): boolean {
    return isMap(this.#entries.get(key)?.node);
  }

  /** A list of strings; with `words`, one string is split at white space instead. */
  strings(key: string, { words }: { readonly words: boolean }): readonly string[] | null {
    if (!this.has(key)) return null;
    const node = this.#entries.get(key)?.node;
    if (isSeq(node)) {
      const values = node.items.map((item) => (isScalar(item) ? item : null));
      if (values.every((item) => item !== null && item.value !== null)) {
        return values.map((item) =>
          typeof item?.value === "string" ? item.value : (item?.source ?? String(item?.value)),
        );
      }
      this.invalid(key, "must be a list of strings");
      return null;
    }
    if (!words) {
      this.invalid(key, "must be a list of strings");
      return null;
    }
    const text = this.string(key);
    return text === null ? null : text.split(/\s+/u).filter((word) => word !== "");
  }

  /** Reports each key that is not in `known`. */
  rejectUnknown(known: readonly string[], report: "invalid" | "warning"): void {
    for (const key of this.keys) {
      if (known.includes(key)) continue;
      const message = `unknown key "${this.nameOf(key)}"`;
      if (report === "invalid") this.#findings.invalid(this.file, this.lineOf(key), message);
      else this.#findings.warn(this.file, this.lineOf(key), `${message} is ignored`);
    }
  }

  #lineOfNode(node: Node): number | null {
    const start = node.range?.[0];
    return start === undefined ? null : this.#lines.linePos(start).line;
  }
}
