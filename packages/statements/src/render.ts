import type { Root } from "hast";
import { escapeHtml } from "./escape.ts";
import { toSafeHtml } from "./html.ts";
import { readMarkdown } from "./markdown.ts";
import { SampleShelf } from "./samples.ts";
import type { Sample } from "./samples.ts";
import { styleSheet } from "./style.ts";
import { readTexDocument, TooDeep } from "./tex/convert.ts";
import { wordsOf } from "./words.ts";

export interface StatementOfProblem {
  readonly format: "md" | "tex";
  readonly source: string;
  /** Code such as "en" or "pt-BR". */
  readonly language: string;
  readonly title: string;
  readonly samples: readonly Sample[];
  /** Images that the statement may show: where they are, by their paths beside it. */
  readonly images: ReadonlyMap<string, string>;
  readonly credits: StatementCredits;
  readonly attachments: readonly { readonly name: string; readonly url: string }[];
}

export interface StatementCredits {
  readonly license: string;
  readonly rightsOwner: string | null;
  readonly authors: readonly string[];
  readonly sources: readonly { readonly name: string; readonly url: string | null }[];
}

const maxSourceBytes = 256 * 1024;

/** A statement as an HTML page of its own, to be sent with `contentSecurityPolicy`. */
export const renderStatement = (statement: StatementOfProblem): string => pageOf(statement, renderText);

/** The same page with the text as it is written: for what can't be rendered, or not in time. */
export const renderPlain = (statement: StatementOfProblem): string => pageOf(statement, plainText);

interface Text {
  /** Null: the text brings none. */
  readonly title: string | null;
  readonly html: string;
}

const pageOf = (
  statement: StatementOfProblem,
  textOf: (statement: StatementOfProblem, shelf: SampleShelf) => Text,
): string => {
  const shelf = new SampleShelf(statement.samples, wordsOf(statement.language));
  const { title, html } = textOf(statement, shelf);
  const samples = shelf.take("remaining");
  const heading = title ?? statement.title;
  return `<!doctype html>
<html lang="${escapeHtml(statement.language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(heading)}</title>
<style>${styleSheet}</style>
</head>
<body>
<h1>${escapeHtml(heading)}</h1>
<main class="statement">
${html}
${samples}
</main>
${footer(statement)}
</body>
</html>
`;
};

const plainText = ({ source }: StatementOfProblem): Text => ({
  title: null,
  html: `<pre>${escapeHtml(source.slice(0, maxSourceBytes))}</pre>`,
});

const renderText = (statement: StatementOfProblem, shelf: SampleShelf): Text => {
  const { format, source, images } = statement;
  if (Buffer.byteLength(source) > maxSourceBytes) return plainText(statement);
  try {
    const read = format === "tex" ? readTexDocument(source) : withoutTitle(readMarkdown(source));
    const sampleHtml = (which: "next" | "remaining"): string => shelf.take(which);
    const resolveFile = (name: string): string | null => imageBy(images, name);
    return {
      title: read.title,
      html: toSafeHtml(read.tree, { resolveFile, macros: read.macros, sampleHtml }),
    };
  } catch (error) {
    // Nesting that no text has: it is shown as it is written.
    if (error instanceof RangeError || error instanceof TooDeep) return plainText(statement);
    throw error;
  }
};

/** By its path, or without its extension, as TeX names images. */
const imageBy = (images: ReadonlyMap<string, string>, name: string): string | null => {
  const plain = name.replace(/^\.\//u, "");
  return (
    images.get(plain) ?? [...images].find(([path]) => path.replace(/\.[^.]+$/u, "") === plain)?.[1] ?? null
  );
};

const withoutTitle = (
  tree: Root,
): { readonly tree: Root; readonly title: null; readonly macros: Readonly<Record<string, string>> } => ({
  tree,
  title: null,
  macros: {},
});

const link = (name: string, url: string | null): string =>
  url !== null && /^https?:\/\//iu.test(url)
    ? `<a href="${escapeHtml(url)}" rel="noreferrer">${escapeHtml(name)}</a>`
    : escapeHtml(name);

const footer = ({ credits, attachments, language }: StatementOfProblem): string => {
  const words = wordsOf(language);
  const rows: (readonly [string, string])[] = [];
  if (attachments.length > 0) {
    const links = attachments.map(({ name, url }) => `<a href="${escapeHtml(url)}">${escapeHtml(name)}</a>`);
    rows.push([words.attachments, links.join(", ")]);
  }
  if (credits.authors.length > 0) rows.push([words.authors, escapeHtml(credits.authors.join(", "))]);
  if (credits.sources.length > 0)
    rows.push([words.source, credits.sources.map(({ name, url }) => link(name, url)).join(", ")]);
  if (credits.rightsOwner !== null) rows.push([words.rights, escapeHtml(credits.rightsOwner)]);
  rows.push([words.license, escapeHtml(credits.license)]);
  return `<footer><dl>${rows.map(([term, value]) => `<dt>${escapeHtml(term)}</dt><dd>${value}</dd>`).join("")}</dl></footer>`;
};
