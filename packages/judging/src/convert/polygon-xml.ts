import { parseXml, XmlElement, XmlError } from "@rgrove/parse-xml";
import { refuse } from "./source.ts";
import type { Source } from "./source.ts";

/** An element of problem.xml, or what a missing one looks like. */
export class Element {
  readonly #element: XmlElement | null;

  constructor(element: XmlElement | null) {
    this.#element = element;
  }

  get absent(): boolean {
    return this.#element === null;
  }

  /** The first child of this name. */
  child(name: string): Element {
    return this.children(name)[0] ?? new Element(null);
  }

  children(name: string): readonly Element[] {
    const children = this.#element?.children ?? [];
    return children.flatMap((child) =>
      child instanceof XmlElement && child.name === name ? [new Element(child)] : [],
    );
  }

  attribute(name: string): string | null {
    const attributes = this.#element?.attributes ?? {};
    return Object.hasOwn(attributes, name) ? (attributes[name] ?? null) : null;
  }

  get text(): string {
    return this.#element?.text.trim() ?? "";
  }
}

const maxXmlBytes = 4 * 1024 * 1024;

/** Entities of its own a document can't have: the parser does not expand any. */
export const readProblemXml = async (source: Source, path: string): Promise<Element> => {
  if (source.size(path) > maxXmlBytes)
    throw refuse(path, `is larger than ${maxXmlBytes} bytes`, "package_invalid");
  const text = await source.text(path);
  try {
    return new Element(parseXml(text).root);
  } catch (error) {
    if (error instanceof XmlError)
      throw refuse(path, error.message.split("\n", 1)[0] ?? "", "package_invalid", error.line);
    if (error instanceof RangeError) throw refuse(path, "is nested too deeply", "package_invalid");
    throw error;
  }
};
