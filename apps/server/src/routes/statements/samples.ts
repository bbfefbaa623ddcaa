import type { Sample } from "@assay/statements";
import type { StoredPackage } from "../../problems/packages.ts";

const maxSamples = 100;
const maxReadBytes = 1024 * 1024;
/** More than a page shows of one text: a hundred samples of a megabyte are never in memory at once. */
const maxKeptBytes = 128 * 1024;

/**
 * The examples that a statement shows: conversations, else inputs with their answers; what is written
 * for the statement stands over what is judged.
 */
export const readSamples = async ({ parsed, files, sizes }: StoredPackage): Promise<readonly Sample[]> => {
  const names = new Set(
    [...sizes.keys()].flatMap(
      (path) =>
        /^data\/sample\/(?<name>[^/]+?)(?:\.interaction|\.in|\.in\.statement)$/u.exec(path)?.groups?.[
          "name"
        ] ?? [],
    ),
  );
  const read = async (name: string, ...extensions: readonly string[]): Promise<string | null> => {
    for (const extension of extensions) {
      const path = `data/sample/${name}.${extension}`;
      const size = sizes.get(path);
      if (size === undefined) continue;
      if (size > maxReadBytes) return `(${size} bytes)`;
      return Buffer.from((await files.read(path)).subarray(0, maxKeptBytes)).toString("utf8");
    }
    return null;
  };
  const samples: Sample[] = [];
  for (const name of [...names].sort().slice(0, maxSamples)) {
    const text = await read(name, "interaction");
    if (text !== null) {
      samples.push({ kind: "interaction", text });
      continue;
    }
    // What an interactive judge is given says nothing of what a submission reads.
    if (parsed.type.interactive && !sizes.has(`data/sample/${name}.in.statement`)) continue;
    const [input, answer] = [
      await read(name, "in.statement", "in"),
      await read(name, "ans.statement", "ans"),
    ];
    if (input !== null && answer !== null) samples.push({ kind: "files", input, answer });
  }
  return samples;
};
