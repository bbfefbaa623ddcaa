/** One line of a canonical tree text, see `Tree`. */
export interface TreeEntry {
  /** Directory, file, symbolic link; anything else is in no sound image. */
  readonly type: "d" | "f" | "l" | "s";
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** SHA-256 of a file or of a link's target; "-" otherwise. */
  readonly content: string;
  /** Relative to the root, which is "."; one character per byte: `Buffer.from(path, "latin1")`. */
  readonly path: string;
}

/** The entries in the order of the text: by path, bytewise. */
export const treeEntries = (text: string): TreeEntry[] =>
  text
    .split("\n")
    .slice(1)
    .filter((line) => line !== "")
    .map((line) => {
      const [type, mode = "", uid, gid, size, content = "", path = ""] = line.split(" ");
      return {
        type: type === "d" || type === "f" || type === "l" ? type : "s",
        mode: parseInt(mode, 8),
        uid: Number(uid),
        gid: Number(gid),
        size: Number(size),
        content,
        path: path.replaceAll(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
      };
    });
