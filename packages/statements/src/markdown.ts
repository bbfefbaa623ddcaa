import type { Element, Root, Text } from "hast";
import type { Html, Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { mathFromMarkdown } from "mdast-util-math";
import type { InlineMath, Math as MathNode } from "mdast-util-math";
import { toHast } from "mdast-util-to-hast";
import { gfm } from "micromark-extension-gfm";
import { math } from "micromark-extension-math";
import { formula, samplePlace, text } from "./html.ts";

/** A statement in Markdown: tables and the like of GFM, formulas between dollars. */
export const readMarkdown = (source: string): Root => {
  const tree = fromMarkdown(source, {
    extensions: [gfm({ singleTilde: false }), math()],
    mdastExtensions: [gfmFromMarkdown(), mathFromMarkdown()],
  });
  withPlaces(tree);
  const converted = toHast(tree, {
    clobberPrefix: "",
    handlers: {
      inlineMath: (_: unknown, node: InlineMath): Element => formula(node.value, false),
      math: (_: unknown, node: MathNode): Element => formula(node.value, true),
      // HTML is not part of the format's Markdown: it is shown as it is written.
      html: (_: unknown, node: Html): Text => text(node.value),
    },
  });
  return converted.type === "root"
    ? converted
    : { type: "root", children: converted.type === "doctype" ? [] : [converted] };
};

/** Paragraphs that are `{{nextsample}}` or `{{remainingsamples}}` become the place of a sample. */
const withPlaces = (tree: Nodes): void => {
  if (!("children" in tree)) return;
  for (const node of tree.children) {
    if (node.type !== "paragraph" || node.children.length !== 1) continue;
    const [only] = node.children;
    const word =
      only?.type === "text"
        ? /^\{\{\s*(?<word>nextsample|remainingsamples)\s*\}\}$/u.exec(only.value.trim())
        : null;
    const which = word?.groups?.["word"];
    if (which === undefined) continue;
    const place = samplePlace(which === "nextsample" ? "next" : "remaining");
    node.data = { ...node.data, hName: place.tagName, hProperties: place.properties };
    node.children = [];
  }
};
