/**
 * A path that is a file on the one side and a directory on the other, so that both sides can't stand in
 * one working directory; null when there is none. A file of the same path is no clash: the package's
 * replaces it.
 */
export const clashOf = (sources: readonly string[], placed: Iterable<string>): string | null => {
  const files = new Set(sources);
  const directories = new Set(sources.flatMap(directoriesOf));
  for (const path of placed) {
    if (directories.has(path)) return path;
    const inTheWay = directoriesOf(path).find((directory) => files.has(directory));
    if (inTheWay !== undefined) return inTheWay;
  }
  return null;
};

/** All that a path leads through: "a" and "a/b" for "a/b/c". */
const directoriesOf = (path: string): readonly string[] => {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, at) => parts.slice(0, at + 1).join("/"));
};
