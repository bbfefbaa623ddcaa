import { basesOf } from "@assay/languages";
import type { Language } from "@assay/languages";
import type { InputFile } from "./compile.ts";
import type { PackageFiles } from "./package/files.ts";
import type { PlacedFile, ProblemPackage } from "./package/types.ts";

/** Where the package puts files beside every submission in this language, or in what it is a variant of. */
export const includesOf = ({ includes }: ProblemPackage, { family }: Language): readonly PlacedFile[] => {
  const named = [family, ...basesOf(family), "default"].find((name) => Object.hasOwn(includes, name));
  return named === undefined ? [] : (includes[named] ?? []);
};

export const readPlaced = async (
  packageFiles: PackageFiles,
  placed: readonly PlacedFile[],
): Promise<InputFile[]> => {
  const files: InputFile[] = [];
  for (const { packagePath, path } of placed)
    files.push({ path, content: await packageFiles.read(packagePath) });
  return files;
};
