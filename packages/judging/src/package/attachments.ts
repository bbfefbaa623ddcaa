import type { Findings } from "./findings.ts";
import type { PackageEntry } from "./files.ts";
import { languageIdOf } from "./languages.ts";
import { isValidName } from "./names.ts";
import type { Attachment } from "./types.ts";

/** attachments/: files for whoever solves the problem; those of templates/<language>/ start an editor. */
export const readAttachments = (
  entries: readonly PackageEntry[],
  findings: Findings,
): readonly Attachment[] => {
  const attachments: Attachment[] = [];
  for (const { path, size } of entries) {
    const [top, ...names] = path.split("/");
    if (top !== "attachments" || names.length === 0) continue;
    if (!names.every(isValidName)) {
      findings.warn(path, null, `is ignored: its name holds more than letters, digits, "_", "." and "-"`);
      continue;
    }
    const [directory, language] = names;
    const template = directory === "templates" && language !== undefined && names.length > 2;
    attachments.push({
      path,
      templateFor: template ? (language === "default" ? "default" : languageIdOf(language)) : null,
      size,
    });
  }
  return attachments;
};
