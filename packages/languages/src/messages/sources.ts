import type { Sources } from "./parser.ts";

export interface SourceText {
  readonly path: string;
  readonly content: string | Uint8Array;
}

const workDirectory = "/w/";
/** Where no submission lies. */
const foreign = ["/usr/", "/lib/", "/etc/", "/proc/", "/opt/"];

const withoutPrefixes = (path: string): string => {
  let rest = path.startsWith("file://") ? path.slice("file://".length) : path;
  if (rest.startsWith(workDirectory)) rest = rest.slice(workDirectory.length);
  while (rest.startsWith("./")) rest = rest.slice(2);
  return rest;
};

export const sourcesOf = (files: readonly SourceText[]): Sources => {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const lines = new Map<string, readonly string[]>();
  const linesOf = (path: string): readonly string[] => {
    const known = lines.get(path);
    if (known !== undefined) return known;
    const content = byPath.get(path)?.content ?? "";
    const text = typeof content === "string" ? content : Buffer.from(content).toString();
    // Neither tools nor editors count a byte order mark.
    const split = text.replace(/^\ufeff/, "").split(/\r\n|\n|\r/);
    lines.set(path, split);
    return split;
  };
  return {
    own: (path) => {
      const short = withoutPrefixes(path);
      if (byPath.has(short)) return short;
      if (foreign.some((prefix) => short.startsWith(prefix))) return null;
      // Some tools run in a directory of their own, or name a package in front of the file.
      return files.find((file) => short.endsWith(`/${file.path}`))?.path ?? null;
    },
    line: (path, number) => linesOf(path)[number - 1] ?? null,
  };
};
