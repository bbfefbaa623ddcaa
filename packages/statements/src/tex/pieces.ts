import type { Element, ElementContent } from "hast";
import { element } from "../html.ts";

/** What a document is made of: elements and text, and where paragraphs end. */
export type Piece = ElementContent | { readonly type: "break" };

export const paragraphBreak: Piece = { type: "break" };

const blockTags = new Set(
  "p h1 h2 h3 h4 ul ol dl dt dd li pre table blockquote figure figcaption div hr".split(" "),
);
const isBlock = (piece: Piece): boolean => piece.type === "element" && blockTags.has(piece.tagName);

/** Inline pieces between blocks and breaks become paragraphs. */
export const paragraphs = (pieces: readonly Piece[]): ElementContent[] => {
  const blocks: ElementContent[] = [];
  let run: ElementContent[] = [];
  const flush = (): void => {
    const content = trimmed(run);
    if (content.length > 0) blocks.push(element("p", {}, ...content));
    run = [];
  };
  for (const piece of pieces) {
    if (piece.type === "break") flush();
    else if (isBlock(piece)) {
      flush();
      blocks.push(piece);
    } else run.push(piece);
  }
  flush();
  return blocks;
};

/** For places that hold one line: a single paragraph stands there without its element. */
export const compact = (pieces: readonly Piece[]): ElementContent[] => {
  const blocks = paragraphs(pieces);
  const [only] = blocks;
  return blocks.length === 1 && only?.type === "element" && only.tagName === "p" ? only.children : blocks;
};

/** Inline pieces put into an element each run of their own, blocks left as they are. */
export const wrapped = (pieces: readonly Piece[], wrap: (content: ElementContent[]) => Element): Piece[] => {
  const result: Piece[] = [];
  let run: ElementContent[] = [];
  const flush = (): void => {
    if (run.length > 0) result.push(wrap(run));
    run = [];
  };
  for (const piece of pieces) {
    if (piece.type === "break" || isBlock(piece)) {
      flush();
      result.push(piece);
    } else run.push(piece);
  }
  flush();
  return result;
};

const isSpace = (node: ElementContent | undefined): boolean =>
  (node?.type === "text" && node.value.trim() === "") || (node?.type === "element" && node.tagName === "br");

const trimmed = (run: readonly ElementContent[]): ElementContent[] => {
  let start = 0;
  let end = run.length;
  while (start < end && isSpace(run[start])) start++;
  while (end > start && isSpace(run[end - 1])) end--;
  return run.slice(start, end);
};
