/** A piece of TeX source. */
export type TexToken =
  | { readonly kind: "command"; readonly name: string }
  | { readonly kind: "open" | "close" | "paragraph" | "space" | "cell" | "tie" }
  | { readonly kind: "math"; readonly source: string; readonly display: boolean }
  | { readonly kind: "verbatim"; readonly text: string; readonly block: boolean }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "bracket"; readonly text: "[" | "]" };

/** Blocks whose whole content is a formula. */
const mathBlocks: Readonly<Record<string, string | null>> = {
  equation: null,
  displaymath: null,
  math: null,
  eqnarray: "aligned",
  align: "aligned",
  alignat: "aligned",
  gather: "gathered",
  multline: "gathered",
};
const verbatimBlocks = ["verbatim", "lstlisting", "Verbatim", "minted"];

const opening = /\\begin\s*\{(?<name>[a-zA-Z]+)(?<star>\*?)\}/uy;
const word = /\\(?<name>[a-zA-Z@]+)\*?[ \t]*\n?/uy;
const plain = /[^\\{}$%&~\s[\]]+/uy;
const space = /\s+/uy;

const at = (pattern: RegExp, source: string, index: number): RegExpExecArray | null => {
  pattern.lastIndex = index;
  return pattern.exec(source);
};

/** Splits TeX into tokens. Formulas and verbatim text come as one token each. */
export const readTex = (source: string): readonly TexToken[] => {
  const tokens: TexToken[] = [];
  let index = 0;
  /** The index behind `end`, after the text before it was taken; the rest of the source without it. */
  const until = (start: number, end: string): string => {
    const stop = source.indexOf(end, start);
    index = stop === -1 ? source.length : stop + end.length;
    return source.slice(start, stop === -1 ? source.length : stop);
  };
  while (index < source.length) {
    const character = source[index] ?? "";
    switch (character) {
      case "\\": {
        const begin = at(opening, source, index)?.groups;
        const name = begin?.["name"] ?? "";
        if (begin !== undefined && Object.hasOwn(mathBlocks, name)) {
          const start = opening.lastIndex;
          const content = until(start, `\\end{${name}${begin["star"] ?? ""}}`);
          const inner = mathBlocks[name] ?? null;
          const formula = inner === null ? content : `\\begin{${inner}}${content}\\end{${inner}}`;
          tokens.push({ kind: "math", source: formula, display: name !== "math" });
          break;
        }
        if (begin !== undefined && verbatimBlocks.includes(name)) {
          const start = opening.lastIndex;
          const content = until(start, `\\end{${name}${begin["star"] ?? ""}}`);
          tokens.push({
            kind: "verbatim",
            text: content.replace(/^(?:\[[^\]]*\]|\{[^}]*\})*[ \t]*\n?/u, ""),
            block: true,
          });
          break;
        }
        if (source.startsWith("\\[", index)) {
          tokens.push({ kind: "math", source: until(index + 2, "\\]"), display: true });
          break;
        }
        if (source.startsWith("\\(", index)) {
          tokens.push({ kind: "math", source: until(index + 2, "\\)"), display: false });
          break;
        }
        const verb = /^\\(?:verb|lstinline)\*?(?<mark>[^a-zA-Z\s*])/u.exec(source.slice(index, index + 20));
        const mark = verb?.groups?.["mark"];
        if (verb !== null && mark !== undefined) {
          tokens.push({
            kind: "verbatim",
            text: until(index + verb[0].length, mark === "{" ? "}" : mark),
            block: false,
          });
          break;
        }
        const found = at(word, source, index);
        if (found !== null) {
          const name = found.groups?.["name"] ?? "";
          tokens.push({ kind: "command", name });
          if ((name === "url" || name === "href") && source[word.lastIndex] === "{") {
            // In an address a percent sign is no comment.
            const address = until(word.lastIndex + 1, "}");
            tokens.push({ kind: "open" }, { kind: "text", text: address }, { kind: "close" });
            break;
          }
          // A blank line after a command still ends the paragraph.
          index = found[0].endsWith("\n") ? word.lastIndex - 1 : word.lastIndex;
          break;
        }
        tokens.push({ kind: "command", name: source[index + 1] ?? "" });
        index += 2;
        break;
      }
      case "{":
      case "}":
        tokens.push({ kind: character === "{" ? "open" : "close" });
        index++;
        break;
      case "$": {
        const display = source.startsWith("$$", index);
        const inner = mathUntil(source, index + (display ? 2 : 1), display);
        tokens.push({ kind: "math", source: inner, display });
        index += inner.length + (display ? 4 : 2);
        break;
      }
      case "%":
        // A comment takes the line's end with it.
        until(index, "\n");
        while (source[index] === " " || source[index] === "\t") index++;
        break;
      case "&":
      case "~":
        tokens.push({ kind: character === "&" ? "cell" : "tie" });
        index++;
        break;
      case "[":
      case "]":
        tokens.push({ kind: "bracket", text: character });
        index++;
        break;
      default: {
        const blank = at(space, source, index)?.[0];
        if (blank !== undefined) {
          tokens.push({ kind: /\n[ \t\r]*\n/u.test(blank) ? "paragraph" : "space" });
          index += blank.length;
          break;
        }
        const run = at(plain, source, index)?.[0] ?? character;
        tokens.push({ kind: "text", text: run });
        index += run.length;
      }
    }
  }
  return tokens;
};

/** Up to the closing dollars; a dollar after a backslash is none. */
const mathUntil = (source: string, start: number, display: boolean): string => {
  for (let index = start; index < source.length; index++) {
    if (source[index] === "\\") index++;
    else if (source[index] === "$" && (!display || source[index + 1] === "$"))
      return source.slice(start, index);
  }
  return source.slice(start);
};
