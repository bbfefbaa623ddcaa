import { styleText, stripVTControlCharacters } from "node:util";

export interface Column {
  readonly title: string;
  readonly align: "left" | "right";
}

const width = (text: string): number => Array.from(stripVTControlCharacters(text)).length;

const pad = (text: string, size: number, align: Column["align"]): string => {
  const space = " ".repeat(Math.max(0, size - width(text)));
  return align === "left" ? text + space : space + text;
};

const mostOfLast = 34;

/** Lines of a plain table: a heading, a rule, one line per row; cells may carry colours. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const sizes = columns.map((column, index) =>
    Math.max(width(column.title), ...rows.map((row) => width(row[index] ?? ""))),
  );
  const line = (cells: readonly string[]): string =>
    columns
      .map((column, index) => pad(cells[index] ?? "", sizes[index] ?? 0, column.align))
      .join("  ")
      .trimEnd();
  const last = columns.length - 1;
  return [
    styleText("bold", line(columns.map((column) => column.title))),
    // Below the last column no longer than needs be: its texts may pass the width of a terminal.
    sizes.map((size, index) => "─".repeat(index < last ? size : Math.min(size, mostOfLast))).join("  "),
    ...rows.map(line),
  ].join("\n");
}

export const left = (title: string): Column => ({ title, align: "left" });
export const right = (title: string): Column => ({ title, align: "right" });
