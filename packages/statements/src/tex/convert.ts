import type { Element, ElementContent, Root } from "hast";
import { element, formula, samplePlace, text } from "../html.ts";
import { accented, accents, symbols, typographic } from "./characters.ts";
import type { TexToken } from "./lexer.ts";
import { compact, paragraphBreak, paragraphs, wrapped } from "./pieces.ts";
import type { Piece } from "./pieces.ts";
import { TexStream } from "./stream.ts";
import { readTable } from "./table.ts";

export interface TexDocument {
  readonly tree: Root;
  /** What \problemname says, as text. */
  readonly title: string | null;
  /** Definitions of the document, for its formulas. */
  readonly macros: Readonly<Record<string, string>>;
}

const maxDepth = 60;

/** Thrown for what is nested deeper than any text. */
export class TooDeep extends Error {
  override readonly name = "TooDeep";
}

const inline =
  (tag: string, className?: string) =>
  (content: ElementContent[]): Element =>
    element(tag, className === undefined ? {} : { className: [className] }, ...content);

/** Commands whose argument gets an element around it. */
const fonts: Readonly<Record<string, (content: ElementContent[]) => Element>> = {
  emph: inline("em"),
  textit: inline("em"),
  textsl: inline("em"),
  textbf: inline("strong"),
  texttt: inline("code"),
  t: inline("code"),
  bf: inline("strong"),
  underline: inline("u"),
  uline: inline("u"),
  sout: inline("del"),
  textsc: inline("span", "small-caps"),
  textsuperscript: inline("sup"),
  textsubscript: inline("sub"),
  footnote: inline("span", "footnote"),
};

/** Commands that hold up to the end of their group. */
const declarations: Readonly<Record<string, (content: ElementContent[]) => Element>> = {
  bf: inline("strong"),
  bfseries: inline("strong"),
  it: inline("em"),
  em: inline("em"),
  sl: inline("em"),
  itshape: inline("em"),
  slshape: inline("em"),
  tt: inline("code"),
  ttfamily: inline("code"),
  sc: inline("span", "small-caps"),
  scshape: inline("span", "small-caps"),
  small: inline("small"),
  footnotesize: inline("small"),
};

const headings: Readonly<Record<string, string>> = {
  section: "h2",
  subsection: "h3",
  subsubsection: "h4",
  paragraph: "h4",
};
/** Headings without a text of their own, as olymp.sty has them. */
const fixedHeadings: Readonly<Record<string, string>> = {
  InputFile: "Input",
  OutputFile: "Output",
  Input: "Input",
  Output: "Output",
  Note: "Note",
  Notes: "Notes",
  Scoring: "Scoring",
  Interaction: "Interaction",
};
const transparent = new Set([
  "text",
  "mbox",
  "hbox",
  "textrm",
  "textsf",
  "textnormal",
  "makebox",
  "fbox",
  "centerline",
  "textup",
  "uppercase",
]);
/** Commands without any meaning here, and how many arguments go with them. */
const ignored: Readonly<Record<string, number>> = {
  label: 1, vspace: 1, hspace: 1, vskip: 0, hskip: 0, noindent: 0, indent: 0, centering: 0, raggedright: 0, newpage: 0,
  clearpage: 0, pagebreak: 0, smallskip: 0, medskip: 0, bigskip: 0, hfill: 0, vfill: 0, normalsize: 0, large: 0, Large: 0,
  LARGE: 0, huge: 0, tiny: 0, scriptsize: 0, rm: 0, sf: 0, rmfamily: 0, sffamily: 0, upshape: 0, normalfont: 0,
  usepackage: 1, documentclass: 1, pagestyle: 1, thispagestyle: 1, setlength: 2, maketitle: 0, hline: 0, toprule: 0,
  midrule: 0, bottomrule: 0, cline: 1, null: 0, relax: 0, protect: 0, sloppy: 0, par: 0, graphicspath: 1, selectlanguage: 1,
  Examples: 0, Example: 0, sampleio: 0, linebreak: 0, nolinebreak: 0, allowbreak: 0, "color": 1, ignorespaces: 0,
}; // prettier-ignore

/** Reads a statement in the format's part of TeX. Nothing is executed but definitions of macros. */
export const readTexDocument = (source: string): TexDocument => {
  const body =
    /\\begin\s*\{document\}(?<body>[\s\S]*?)(?:\\end\s*\{document\}|$)/u.exec(source)?.groups?.["body"] ??
    source;
  const reader = new TexReader(new TexStream(body));
  const pieces = reader.pieces(() => false);
  return {
    tree: { type: "root", children: paragraphs(pieces) },
    title: reader.title,
    macros: reader.stream.macros.forMath(),
  };
};

export class TexReader {
  readonly stream: TexStream;
  title: string | null = null;
  #depth = 0;

  constructor(stream: TexStream) {
    this.stream = stream;
  }

  /** Pieces up to a token for which `stop` says so (it is left), the end of the group or block, or the end. */
  pieces(stop: (token: TexToken) => boolean, inGroup = false): Piece[] {
    if (++this.#depth > maxDepth) throw new TooDeep("nested too deeply");
    const pieces: Piece[] = [];
    for (let token = this.stream.peek(); token !== null; token = this.stream.peek()) {
      if (stop(token)) break;
      if (token.kind === "command" && token.name === "end") break;
      if (token.kind === "close") {
        if (inGroup) break;
        this.stream.next();
        continue;
      }
      this.stream.next();
      const name = token.kind === "command" ? token.name : "";
      const declared = Object.hasOwn(declarations, name) ? declarations[name] : undefined;
      if (declared !== undefined && !this.#opensGroup(name)) {
        this.stream.skipSpace();
        pieces.push(...wrapped(this.pieces(stop, inGroup), declared));
        break;
      }
      pieces.push(...this.#piece(token));
    }
    this.#depth--;
    return pieces;
  }

  /** `\bf{x}` is meant as a command with an argument, `\bf x` as a declaration. */
  #opensGroup(name: string): boolean {
    return (name === "bf" || name === "t") && this.stream.peek()?.kind === "open";
  }

  /** The pieces of an argument: a group, or one token. */
  group(): Piece[] {
    this.stream.skipSpace();
    const first = this.stream.next();
    if (first === null) return [];
    if (first.kind !== "open") return this.#piece(first);
    const pieces = this.pieces(() => false, true);
    if (this.stream.peek()?.kind === "close") this.stream.next();
    return pieces;
  }

  #piece(token: TexToken): Piece[] {
    switch (token.kind) {
      case "text":
        return [text(typographic(token.text))];
      case "bracket":
        return [text(token.text)];
      case "space":
        return [text(" ")];
      case "tie":
        return [text("\u00a0")];
      case "cell":
        return [text("&")];
      case "paragraph":
        return [paragraphBreak];
      case "math":
        return [formula(token.source.trim(), token.display)];
      case "verbatim":
        return [
          token.block
            ? element("pre", {}, text(token.text.replace(/\n$/u, "")))
            : element("code", {}, text(token.text)),
        ];
      case "open": {
        const pieces = this.pieces(() => false, true);
        if (this.stream.peek()?.kind === "close") this.stream.next();
        return pieces;
      }
      case "close":
        return [];
      case "command":
        return this.#command(token.name);
    }
  }

  #command(name: string): Piece[] {
    const { stream } = this;
    if (name === "\\" || name === "newline") {
      stream.option();
      return [element("br", {})];
    }
    if (stream.expand(name)) return [];
    // `\v` and `\t` are an accent before a letter; fonts come first where both have the name.
    const font = Object.hasOwn(fonts, name) ? fonts[name] : undefined;
    if (font !== undefined) return wrapped(this.group(), font);
    if (Object.hasOwn(accents, name)) return this.#accent(accents[name] ?? "");
    if (Object.hasOwn(symbols, name)) return [text(symbols[name] ?? "")];
    if (Object.hasOwn(headings, name)) return [element(headings[name] ?? "h2", {}, ...compact(this.group()))];
    if (Object.hasOwn(fixedHeadings, name)) return [element("h2", {}, text(fixedHeadings[name] ?? name))];
    if (transparent.has(name)) return this.group();
    if (Object.hasOwn(ignored, name)) {
      stream.option();
      for (let each = 0; each < (ignored[name] ?? 0); each++) stream.argument();
      return name === "par" ? [paragraphBreak] : [];
    }
    return this.#special(name) ?? [element("span", { className: ["unknown"] }, text(`\\${name}`))];
  }

  #accent(mark: string): Piece[] {
    const [first, ...rest] = this.group();
    if (first?.type !== "text") return first === undefined ? [] : [first, ...rest];
    return [text(accented(first.value, mark)), ...rest];
  }

  #special(name: string): Piece[] | null {
    const { stream } = this;
    switch (name) {
      case "problemname": {
        const title = this.group();
        this.title = plainText(title);
        return [];
      }
      case "begin":
        return this.#block(stream.argument().trim());
      case "includegraphics": {
        const width = widthOf(stream.option() ?? "");
        return [imageOf(stream.argument(), width)];
      }
      case "illustration": {
        const width = widthOf(`width=${stream.argument()}`);
        const file = stream.argument();
        return [
          element(
            "figure",
            { className: ["illustration"] },
            imageOf(file, width),
            element("figcaption", {}, ...compact(this.group())),
          ),
        ];
      }
      case "caption":
        return [element("figcaption", {}, ...compact(this.group()))];
      case "url": {
        const address = stream.argument();
        return [element("a", { href: address }, text(address))];
      }
      case "href": {
        const address = stream.argument();
        return [element("a", { href: address }, ...compact(this.group()))];
      }
      case "textcolor":
      case "colorbox":
      case "resizebox":
      case "scalebox":
        for (let each = name === "resizebox" ? 2 : 1; each > 0; each--) stream.argument();
        return this.group();
      case "nextsample":
        return [samplePlace("next")];
      case "remainingsamples":
        return [samplePlace("remaining")];
      case "item":
        stream.option();
        return [paragraphBreak, text("• ")];
      case "newcommand":
      case "renewcommand":
      case "providecommand": {
        const defined = stream.argument().replace(/[\\{}\s]/gu, "");
        const count = Number(stream.option() ?? 0);
        // A default for the first argument is more than statements need.
        stream.option();
        stream.macros.define(defined, Number.isInteger(count) ? count : 0, stream.argument());
        return [];
      }
      case "def": {
        const defined = stream.argument().replace(/[\\{}\s]/gu, "");
        let parameters = "";
        for (let token = stream.peek(); token !== null && token.kind !== "open"; token = stream.peek()) {
          stream.next();
          parameters += token.kind === "text" ? token.text : "";
        }
        stream.macros.define(defined, (parameters.match(/#/gu) ?? []).length, stream.argument());
        return [];
      }
      default:
        return null;
    }
  }

  #block(name: string): Piece[] {
    const { stream } = this;
    const pieces = this.#content(name);
    if (stream.peek()?.kind === "command") {
      stream.next();
      stream.argument();
    }
    return pieces;
  }

  #content(name: string): Piece[] {
    const { stream } = this;
    switch (name.replace(/\*$/u, "")) {
      case "itemize":
      case "compactitem":
        return [element("ul", {}, ...this.#items("li"))];
      case "enumerate":
      case "compactenum":
        return [element("ol", {}, ...this.#items("li"))];
      case "description":
        return [element("dl", { className: ["description"] }, ...this.#items("dd"))];
      case "tabular":
      case "tabularx":
      case "longtable":
      case "array": {
        if (name.startsWith("tabularx")) stream.argument();
        stream.option();
        return [readTable(this, stream.argument())];
      }
      case "center":
        return [element("div", { className: ["center"] }, ...this.#inner())];
      case "quote":
      case "quotation":
        return [element("blockquote", {}, ...this.#inner())];
      case "figure":
      case "table":
        stream.option();
        return [element("figure", {}, ...this.#inner())];
      case "wrapfigure":
        stream.option();
        stream.argument();
        stream.argument();
        return [element("figure", { className: ["float"] }, ...this.#inner())];
      case "minipage":
        stream.option();
        stream.argument();
        return this.#inner();
      case "problem": {
        // olymp.sty: name, input file, output file, time, memory.
        this.title = plainText(this.group());
        for (let each = 0; each < 4; each++) stream.argument();
        return this.#inner();
      }
      case "example":
      case "examplewide":
      case "flushleft":
      case "flushright":
      case "document":
      case "small":
      case "multicols":
        return this.#inner();
      default:
        return [
          element("span", { className: ["unknown"] }, text(`\\begin{${name.slice(0, 60)}}`)),
          ...this.#inner(),
        ];
    }
  }

  #inner(): ElementContent[] {
    return paragraphs(this.pieces(() => false));
  }

  #items(tag: "li" | "dd"): ElementContent[] {
    const { stream } = this;
    const items: ElementContent[] = [];
    // What stands before the first item belongs to none.
    this.pieces(isItem);
    for (let token = stream.peek(); token !== null && isItem(token); token = stream.peek()) {
      stream.next();
      const label = stream.option();
      if (label !== null && tag === "dd") items.push(element("dt", {}, ...inlineOf(label)));
      const content = compact(this.pieces(isItem));
      items.push(
        element(
          tag,
          {},
          ...(label !== null && tag === "li" ? [...inlineOf(label), text(" ")] : []),
          ...content,
        ),
      );
    }
    return items;
  }
}

const isItem = (token: TexToken): boolean => token.kind === "command" && token.name === "item";

/** A label in brackets, read again as text. */
const inlineOf = (source: string): ElementContent[] =>
  source.length > 500
    ? [text(source.slice(0, 500))]
    : compact(new TexReader(new TexStream(source)).pieces(() => false));

const imageOf = (file: string, width: string | null): Element =>
  element("img", { src: file.trim(), alt: "", ...(width === null ? {} : { width }) });

/** `width=0.4\textwidth` as a share of the text's width. */
const widthOf = (options: string): string | null => {
  const found = /(?:width|scale)\s*=\s*(?<number>\d*\.?\d+)/u.exec(options)?.groups?.["number"];
  const share = Number(found);
  return found === undefined ||
    !/textwidth|linewidth|columnwidth|=\s*\d*\.?\d+\s*$/u.test(options) ||
    !(share > 0 && share <= 1)
    ? null
    : `${Math.round(share * 100)}%`;
};

const plainText = (pieces: readonly Piece[]): string =>
  pieces
    .map((piece): string =>
      piece.type === "text" ? piece.value : piece.type === "element" ? plainText(piece.children) : " ",
    )
    .join("")
    .trim();
