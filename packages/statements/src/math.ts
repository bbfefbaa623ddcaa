import temml from "temml";
import { escapeHtml } from "./escape.ts";

const maxFormulaLength = 5_000;
const maxFormulas = 3_000;
const maxOutputBytes = 4 * 1024 * 1024;

/** Renders the formulas of one document, and stops to when they become too many. */
export class FormulaBudget {
  readonly #macros: Readonly<Record<string, string>>;
  #formulas = 0;
  #bytes = 0;

  constructor(macros: Readonly<Record<string, string>>) {
    this.#macros = macros;
  }

  /** MathML; the formula's source where it can't be rendered. */
  render(source: string, display: boolean): string {
    this.#formulas++;
    if (source.length > maxFormulaLength || this.#formulas > maxFormulas || this.#bytes > maxOutputBytes)
      return shown(source, display);
    const rendered = renderFormula(source, display, this.#macros);
    if (rendered === null) return shown(source, display);
    this.#bytes += rendered.length;
    return rendered;
  }
}

const shown = (source: string, display: boolean): string => {
  const code = `<code class="formula">${escapeHtml(source.slice(0, maxFormulaLength))}</code>`;
  return display ? `<p class="center">${code}</p>` : code;
};

const renderFormula = (
  source: string,
  display: boolean,
  macros: Readonly<Record<string, string>>,
): string | null => {
  try {
    const html = temml.renderToString(source, {
      displayMode: display,
      throwOnError: true,
      // A copy: \gdef writes into it.
      macros: { ...macros },
      maxExpand: 200,
      maxSize: [50, 50],
      strict: false,
      trust: false,
    });
    return isPlainMathMl(html) ? html : null;
  } catch {
    // Wrong TeX, too many expansions, or nesting that is too deep for the stack.
    return null;
  }
};

const tag = /<\/?(?:math|m[a-z]+|semantics|annotation|none)(?: (?:[a-z-]+)="[^"<>]*")*\s*\/?>|[^<>]+/gu;
const attribute = /(?<name>[a-z-]+)="(?<value>[^"]*)"/gu;
const allowedAttributes = new Set(
  [
    "xmlns display class style mathvariant mathcolor mathbackground mathsize width height depth",
    "voffset lspace rspace stretchy fence form separator symmetric largeop movablelimits",
    "minsize maxsize accent accentunder linethickness displaystyle scriptlevel columnalign",
    "rowspacing columnspacing rowlines columnlines frame notation encoding align side",
    "columnspan rowspan lquote rquote indentalign",
  ]
    .join(" ")
    .split(" "),
);

/** Nothing but MathML without links, scripts and foreign styles: what the renderer promises, checked. */
const isPlainMathMl = (html: string): boolean => {
  let length = 0;
  for (const [part] of html.matchAll(tag)) {
    length += part.length;
    if (!part.startsWith("<")) continue;
    for (const { groups } of part.matchAll(attribute)) {
      const name = groups?.["name"] ?? "";
      if (!allowedAttributes.has(name)) return false;
      if (name === "style" && /url|expression|@|\\|position|behavior/iu.test(groups?.["value"] ?? ""))
        return false;
    }
  }
  return length === html.length;
};
