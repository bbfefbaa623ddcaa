import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { SourceFile } from "@assay/contracts";
import type { Language } from "./language.ts";
import { probeNames } from "./probes.ts";
import type { ProbeName } from "./probes.ts";

const directory = resolve(import.meta.dirname, "../programs");

/**
 * The files of a probe's program, or of the language's template, sorted by path.
 *
 * @throws the file system's error when there is none
 */
export const readProgram = async (
  { programs }: Pick<Language, "programs">,
  name: ProbeName | "template",
): Promise<SourceFile[]> => {
  const place = join(directory, programs, name);
  const names = (await readdir(place)).toSorted((a, b) => (a < b ? -1 : 1));
  return Promise.all(
    names.map(async (path) => ({ path, content: await readFile(join(place, path), "utf8") })),
  );
};

/**
 * Names everything that its probes prove: commands, environment, what is left out, and the programs.
 * SHA-256, lower-case hex.
 */
export const definitionDigest = async (language: Language): Promise<string> => {
  const { id, image, overhead, without, version } = language;
  const two = [language.defaultSource, `second${language.extensions[0] ?? ""}`];
  const sum = createHash("sha256");
  sum.update(
    JSON.stringify([
      [id, image, overhead ?? null, without, version.argv],
      [1, 2].map((count) => {
        const files = two.slice(0, count);
        return [language.compile(files), language.run(files, ["argument"], 1 << 28)];
      }),
    ]),
  );
  for (const name of probeNames) {
    if (language.without[name] !== undefined) continue;
    sum.update(JSON.stringify([name, await readProgram(language, name).catch(() => null)]));
  }
  return sum.digest("hex");
};
