import type { Language } from "@assay/languages";
import type { InputFile } from "./compile.ts";
import type { PackageFiles } from "./package/files.ts";
import type { PlacedFile, ProblemPackage } from "./package/types.ts";

/** Where the package puts files beside every submission in this language. */
export const includesOf = ({ includes }: ProblemPackage, language: Language): readonly PlacedFile[] =>
  includes[language.id] ?? includes["default"] ?? [];

export const readPlaced = async (
  packageFiles: PackageFiles,
  placed: readonly PlacedFile[],
): Promise<InputFile[]> => {
  const files: InputFile[] = [];
  for (const { packagePath, path } of placed)
    files.push({ path, content: await packageFiles.read(packagePath) });
  return files;
};
