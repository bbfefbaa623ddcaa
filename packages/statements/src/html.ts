import type { Element, ElementContent, Properties, Root, Text } from "hast";
import { defaultSchema, sanitize } from "hast-util-sanitize";
import type { Schema } from "hast-util-sanitize";
import { toHtml } from "hast-util-to-html";
import { FormulaBudget } from "./math.ts";

export const text = (value: string): Text => ({ type: "text", value });

export const element = (
  tagName: string,
  properties: Properties,
  ...children: readonly ElementContent[]
): Element => ({ type: "element", tagName, properties, children: [...children] });

/** A formula to be; only this package makes such elements, authors can't. */
export const formula = (source: string, display: boolean): Element =>
  element(display ? "div" : "span", { dataMath: display ? "display" : "inline" }, text(source));

/** Where samples are to stand in the text. */
export const samplePlace = (which: "next" | "remaining"): Element => element("div", { dataSample: which });

const classes = [
  "className",
  "illustration",
  "center",
  "float",
  "unknown",
  "small-caps",
  "footnote",
  "description",
] as const;

const tags =
  "p br hr h1 h2 h3 h4 em strong code pre del u sup sub small ul ol li dl dt dd blockquote figure figcaption div span a img table thead tbody tr th td section input";

/** Everything that a statement may consist of. What is not in here does not get out. */
const schema: Schema = {
  ...defaultSchema,
  tagNames: tags.split(" "),
  attributes: {
    a: ["href", "title"],
    img: ["src", "alt", "title", "width"],
    ol: ["start"],
    td: ["align", "colSpan"],
    th: ["align", "colSpan"],
    input: [["type", "checkbox"], "checked", "disabled"],
    div: [[...classes], "dataMath", "dataSample"],
    span: [[...classes], "dataMath"],
    figure: [[...classes]],
    dl: [[...classes]],
    "*": [],
  },
  // Images of an author are resolved before; a page holds them itself.
  protocols: { href: ["http", "https", "mailto"], src: ["data"] },
  clobber: [],
  strip: ["script", "style"],
};

/** Turns a reference of an author to a file of the package into where it is served; null = nowhere. */
type ResolveFile = (name: string) => string | null;

export interface SafeOptions {
  readonly resolveFile: ResolveFile;
  readonly macros: Readonly<Record<string, string>>;
  /** HTML of a sample, by the place where the author wants it. */
  readonly sampleHtml: (which: "next" | "remaining") => string;
}

/** The tree as HTML that can't run anything, formulas as MathML. */
export const toSafeHtml = (tree: Root, options: SafeOptions): string => {
  const safe = sanitize(withFiles(tree, options.resolveFile), schema);
  const root: Root =
    safe.type === "root" ? safe : { type: "root", children: safe.type === "doctype" ? [] : [safe] };
  const budget = new FormulaBudget(options.macros);
  replace(root, budget, options);
  return toHtml(root, { allowDangerousHtml: true });
};

/** Images are those of the package; links into the package likewise. */
const withFiles = (tree: Root, resolveFile: ResolveFile): Root => {
  const visit = (node: Root | Element): void => {
    node.children = node.children.flatMap((child): ElementContent[] => {
      if (child.type !== "element") return child.type === "text" ? [child] : [];
      visit(child);
      if (child.tagName === "img") return [image(child, resolveFile)];
      const href = child.properties["href"];
      if (child.tagName === "a" && typeof href === "string" && isRelative(href)) {
        const target = resolveFile(href);
        return target === null
          ? child.children
          : [{ ...child, properties: { ...child.properties, href: target } }];
      }
      return [child];
    });
  };
  visit(tree);
  return tree;
};

const isRelative = (href: string): boolean => !/^(?:[a-z][a-z0-9+.-]*:|\/\/|#)/iu.test(href);

const image = (node: Element, resolveFile: ResolveFile): Element => {
  const { src, alt } = node.properties;
  const name = typeof src === "string" ? src : "";
  // An image from elsewhere would tell that place who reads this problem.
  const target = isRelative(name) ? resolveFile(name) : null;
  if (target !== null) return { ...node, properties: { ...node.properties, src: target } };
  const shown = typeof alt === "string" && alt !== "" ? alt : name.slice(0, 200);
  return element("span", { className: ["unknown"] }, text(`[image: ${shown}]`));
};

const replace = (node: Root | Element, budget: FormulaBudget, options: SafeOptions): void => {
  node.children = node.children.map((child) => {
    if (child.type !== "element") return child;
    const { dataMath, dataSample } = child.properties;
    if (dataMath !== undefined) {
      const [source] = child.children;
      return {
        type: "raw",
        value: budget.render(source?.type === "text" ? source.value : "", dataMath === "display"),
      };
    }
    if (dataSample !== undefined)
      return { type: "raw", value: options.sampleHtml(dataSample === "next" ? "next" : "remaining") };
    replace(child, budget, options);
    return child;
  });
};
