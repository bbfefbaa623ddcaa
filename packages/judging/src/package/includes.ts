import type { Findings } from "./findings.ts";
import type { PackageEntry } from "./files.ts";
import { languageIdOf } from "./languages.ts";
import { isValidName } from "./names.ts";
import type { FormatVersion, PlacedFile } from "./types.ts";

/** include/<language>/…: files that are copied over every submission in that language. */
export const readIncludes = (
  entries: readonly PackageEntry[],
  version: FormatVersion,
  findings: Findings,
): Readonly<Record<string, readonly PlacedFile[]>> => {
  const includes: Record<string, PlacedFile[]> = {};
  for (const { path } of entries) {
    const [top, language, ...rest] = path.split("/");
    if (top !== "include" || language === undefined) continue;
    if (version === "legacy-icpc") {
      findings.invalid(path, null, "legacy-icpc has no include/");
    } else if (rest.length === 0) {
      findings.warn(path, null, "is ignored; it belongs into include/<language>/");
    } else if (!rest.every(isValidName)) {
      findings.invalid(path, null, `has an invalid name; use letters, digits, "_", "." and "-"`);
    } else {
      const id = language === "default" && version === "2025-09" ? language : languageIdOf(language);
      if (id !== null) (includes[id] ??= []).push({ packagePath: path, path: rest.join("/") });
    }
  }
  return includes;
};
