import type { Element } from "hast";
import { element } from "../html.ts";
import type { TexReader } from "./convert.ts";
import type { TexToken } from "./lexer.ts";
import { compact } from "./pieces.ts";

const aligns: Readonly<Record<string, string>> = { l: "left", c: "center", r: "right", p: "left", X: "left" };

/** The columns of a specification such as `|l|c|p{3cm}|`, `*` and `@{}` left out. */
const columnsOf = (specification: string): readonly string[] =>
  (
    specification
      .replace(/[@!><]\s*\{[^}]*\}/gu, "")
      .replace(/\{[^}]*\}/gu, "")
      .match(/[lcrpX]/gu) ?? []
  ).map((letter) => aligns[letter] ?? "left");

const isCommand = (token: TexToken, ...names: readonly string[]): boolean =>
  token.kind === "command" && names.includes(token.name);
const endsCell = (token: TexToken): boolean =>
  token.kind === "cell" ||
  isCommand(token, "\\", "tabularnewline", "hline", "toprule", "midrule", "bottomrule", "cline");

/** The rows of a tabular block, up to its end. */
export const readTable = (reader: TexReader, specification: string): Element => {
  const columns = columnsOf(specification);
  const { stream } = reader;
  const rows: Element[] = [];
  let cells: Element[] = [];
  const columnsTaken = (): number =>
    cells.reduce((sum, { properties }) => sum + Number(properties["colSpan"] ?? 1), 0);
  const endRow = (): void => {
    const empty = cells.every((cell) => cell.children.length === 0);
    if (!empty) rows.push(element("tr", {}, ...cells));
    cells = [];
  };
  for (;;) {
    cells.push(readCell(reader, columns[columnsTaken()] ?? "left"));
    const token = stream.peek();
    if (token === null || isCommand(token, "end")) break;
    stream.next();
    if (token.kind === "cell") continue;
    endRow();
    if (isCommand(token, "\\", "tabularnewline")) stream.option();
    if (isCommand(token, "cline")) stream.argument();
  }
  endRow();
  return element("table", {}, element("tbody", {}, ...rows));
};

const readCell = (reader: TexReader, align: string): Element => {
  const { stream } = reader;
  stream.skipSpace();
  const token = stream.peek();
  if (token !== null && isCommand(token, "multicolumn")) {
    stream.next();
    const span = Number(stream.argument());
    const own = columnsOf(stream.argument())[0] ?? align;
    const content = compact(reader.group());
    reader.pieces(endsCell);
    const colSpan = Number.isInteger(span) && span > 1 && span <= 100 ? { colSpan: span } : {};
    return element("td", { align: own, ...colSpan }, ...content);
  }
  return element("td", { align }, ...compact(reader.pieces(endsCell)));
};
