import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { AssayError } from "@assay/contracts";
import { parsePackage } from "../package/parse.ts";
import type { ProblemPackage } from "../package/types.ts";
import { convertPackage } from "./convert.ts";
import type { Conversion, ForeignFormat } from "./convert.ts";
import { openSource } from "./source.ts";

export type Tree = Readonly<Record<string, string | Uint8Array>>;

export interface TreeDirectory extends AsyncDisposable {
  readonly path: string;
}

/** Files in a temporary directory of that name. */
export const writeTree = async (tree: Tree, name = "problem"): Promise<TreeDirectory> => {
  const root = await mkdtemp(join(tmpdir(), "assay-tree-"));
  const path = join(root, name);
  await mkdir(path);
  for (const [file, content] of Object.entries(tree)) {
    await mkdir(dirname(join(path, file)), { recursive: true });
    await writeFile(join(path, file), content);
  }
  return { path, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
};

export interface Converted extends Conversion {
  readonly parsed: ProblemPackage;
  /** Of files that tests look into, by path. */
  readonly text: (path: string) => Promise<string>;
  readonly paths: readonly string[];
}

/** Converts a tree and reads the result once more. `use` sees it while its source is there. */
export const withConverted = async (
  tree: Tree,
  use: (converted: Converted) => Promise<void> | void,
  format: ForeignFormat | "auto" = "auto",
): Promise<void> => {
  await using directory = await writeTree(tree);
  await using source = await openSource(directory.path);
  const conversion = await convertPackage(source, format);
  await use({
    ...conversion,
    parsed: await parsePackage(conversion.files),
    text: async (path) => Buffer.from(await conversion.files.read(path)).toString(),
    paths: (await conversion.files.list()).map((file) => file.path),
  });
};

/** What a conversion that must fail says. */
export const refusal = async (tree: Tree): Promise<string> => {
  const error: unknown = await withConverted(tree, () => undefined).then(
    () => new Error("it was converted"),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AssayError)) throw error;
  return error.message;
};

/** Files x.in and x.out for each name. */
export const pairs = (...names: readonly string[]): Tree =>
  Object.fromEntries(
    names.flatMap((name) => [
      [`${name}.in`, `${name}\n`],
      [`${name}.out`, `${name}!\n`],
    ]),
  );
