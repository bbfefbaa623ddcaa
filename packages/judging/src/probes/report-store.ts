import { randomUUID } from "node:crypto";
import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LanguageReport } from "@assay/contracts";
import { definitionDigest } from "@assay/languages";
import type { Language } from "@assay/languages";

/** Reports of languages beside the images that they speak of: `<images>/reports/<language>.json`. */
export interface ReportStore {
  /** What was found with exactly these commands, probe programs and this image; null when nothing was. */
  read(language: Language, imageDigest: string): Promise<LanguageReport | null>;
  write(report: LanguageReport): Promise<void>;
}

/** @param imagesDirectory writable by those who write reports only: a runner believes them */
export const reportStore = (imagesDirectory: string): ReportStore => {
  const directory = join(imagesDirectory, "reports");
  const fileOf = (id: string): string => join(directory, `${encodeURIComponent(id)}.json`);
  return {
    async read(language, imageDigest) {
      const text = await readFile(fileOf(language.id), "utf8").catch(() => null);
      const report = text === null ? null : parse(text);
      if (report === null || report.language !== language.id) return null;
      const isOfThese =
        report.image.digest === imageDigest && report.definition === (await definitionDigest(language));
      return isOfThese ? report : null;
    },
    async write(report) {
      await mkdir(directory, { recursive: true, mode: 0o755 });
      const temporary = join(directory, `.${randomUUID()}`);
      try {
        await writeFile(temporary, `${JSON.stringify(report, null, 2)}\n`);
        // Whatever the umask is: the runner reads as another user.
        for (const [path, mode] of [
          [directory, 0o755],
          [temporary, 0o644],
        ] as const)
          await chmod(path, mode);
        await rename(temporary, fileOf(report.language));
      } finally {
        await rm(temporary, { force: true });
      }
    },
  };
};

/** A damaged report is none. */
const parse = (text: string): LanguageReport | null => {
  try {
    return LanguageReport.parse(JSON.parse(text));
  } catch {
    return null;
  }
};
