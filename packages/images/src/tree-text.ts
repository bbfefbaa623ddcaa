import { ImageError } from "./errors.ts";

/** One line of a canonical tree text; see tree.ts. */
export interface TreeEntry {
  readonly type: "d" | "f" | "l" | "s";
  readonly mode: number;
  readonly size: number;
  /** SHA-256 of a file or of a link's target; `-` for the rest. */
  readonly content: string;
  /** Relative to the root, one character per byte; `.` is the root itself. */
  readonly path: string;
}

const header = "assay-tree 1";
const line = /^([dfls]) ([0-7]{4}) \d+ \d+ (\d+) ([0-9a-f]{64}|-) ([!-~]+)$/;

/** @throws ImageError `damaged` when it is no tree text */
export const parseTree = (text: string): TreeEntry[] => {
  const [first, ...lines] = text.split("\n");
  if (first !== header || lines.pop() !== "") throw damaged("its first or last line");
  return lines.map((entry) => {
    const [, type, mode = "", size, content = "", word = ""] = line.exec(entry) ?? [];
    if (type !== "d" && type !== "f" && type !== "l" && type !== "s") throw damaged(`"${entry.slice(0, 80)}"`);
    return { type, mode: Number.parseInt(mode, 8), size: Number(size), content, path: bytesOfWord(word) };
  });
};

const bytesOfWord = (word: string): string =>
  word.replaceAll(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

const damaged = (where: string): ImageError =>
  new ImageError("damaged", `A list of an image's files is damaged at ${where}; build the image again.`);
