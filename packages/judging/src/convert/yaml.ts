import { parseDocument } from "yaml";
import { refuse } from "./source.ts";
import type { Source } from "./source.ts";

/** A YAML file of a foreign format, looked into key by key: each wrong type names file and key. */
export class Foreign {
  readonly file: string;
  readonly #path: string;
  readonly #value: unknown;

  constructor(file: string, value: unknown, path = "") {
    this.file = file;
    this.#value = value;
    this.#path = path;
  }

  fail(message: string, code: "package_invalid" | "package_unsupported" = "package_invalid"): never {
    throw refuse(this.file, this.#path === "" ? message : `${this.#path} ${message}`, code);
  }

  get absent(): boolean {
    return this.#value === undefined || this.#value === null;
  }

  get isMap(): boolean {
    return typeof this.#value === "object" && this.#value !== null && !Array.isArray(this.#value);
  }

  get isList(): boolean {
    return Array.isArray(this.#value);
  }

  get keys(): readonly string[] {
    return this.isMap ? Object.keys(Object(this.#value)) : [];
  }

  get(key: string): Foreign {
    if (this.absent) return new Foreign(this.file, undefined, this.#inner(key));
    if (!this.isMap) this.fail("must be a map of keys to values");
    return new Foreign(
      this.file,
      new Map<string, unknown>(Object.entries(Object(this.#value))).get(key),
      this.#inner(key),
    );
  }

  #inner(key: string): string {
    return this.#path === "" ? key : `${this.#path}.${key}`;
  }

  /** The first of some spellings that is there. */
  any(...keys: readonly string[]): Foreign {
    for (const key of keys) if (!this.get(key).absent) return this.get(key);
    return this.get(keys[0] ?? "");
  }

  items(): readonly Foreign[] {
    if (this.absent) return [];
    if (!Array.isArray(this.#value)) this.fail("must be a list");
    const values: readonly unknown[] = this.#value;
    return values.map((value, index) => new Foreign(this.file, value, `${this.#path}[${index}]`));
  }

  string(): string | null {
    if (this.absent) return null;
    const value = this.#value;
    if (typeof value === "string") return value;
    if (typeof value === "number" || typeof value === "boolean") return String(value);
    return this.fail("must be a string");
  }

  number(): number | null {
    if (this.absent) return null;
    const number =
      typeof this.#value === "string" && this.#value.trim() !== "" ? Number(this.#value) : this.#value;
    if (typeof number !== "number" || !Number.isFinite(number)) return this.fail("must be a number");
    return number;
  }

  boolean(): boolean | null {
    if (this.absent) return null;
    if (typeof this.#value === "boolean") return this.#value;
    if (this.#value === "true" || this.#value === "false") return this.#value === "true";
    return this.fail("must be true or false");
  }
}

const maxYamlBytes = 1024 * 1024;

export const readYaml = async (source: Source, path: string): Promise<Foreign> => {
  if (source.size(path) > maxYamlBytes)
    throw refuse(path, `is larger than ${maxYamlBytes} bytes`, "package_invalid");
  const text = await source.text(path);
  try {
    const document = parseDocument(text, { prettyErrors: false });
    const [error] = document.errors;
    if (error !== undefined)
      throw refuse(path, firstLine(error.message), "package_invalid", lineOf(text, error.pos[0]));
    return new Foreign(path, document.toJS({ maxAliasCount: 100 }));
  } catch (error) {
    if (error instanceof RangeError || error instanceof ReferenceError)
      throw refuse(path, firstLine(error.message), "package_invalid");
    throw error;
  }
};

const firstLine = (text: string): string => text.split("\n", 1)[0] ?? text;
const lineOf = (text: string, at: number): number => text.slice(0, at).split("\n").length;
