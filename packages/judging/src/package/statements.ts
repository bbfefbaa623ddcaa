import type { Findings } from "./findings.ts";
import type { PackageEntry } from "./files.ts";
import type { FormatVersion, Statement } from "./types.ts";

/** The problem's texts. In 2025-09 there must be one in each language that has a name, and no other. */
export const readStatements = (
  entries: readonly PackageEntry[],
  version: FormatVersion,
  names: Readonly<Record<string, string>>,
  findings: Findings,
): readonly Statement[] => {
  const directory = version === "2025-09" ? "statement" : "problem_statement";
  const statements: Statement[] = [];
  for (const { path } of entries) {
    const match = /^([a-z_]+)\/problem(?:\.([a-z]{2,3}(?:-[A-Z]{2})?))?\.(md|tex|pdf|html)$/u.exec(path);
    const format = match?.[3];
    if (match?.[1] !== directory || format === undefined) continue;
    if (format !== "md" && format !== "tex" && format !== "pdf" && format !== "html") continue;
    statements.push({ language: match[2] ?? "en", format, path });
  }
  if (statements.length === 0) findings.warn(directory, null, "holds no problem statement");
  else if (version === "2025-09") {
    for (const statement of statements) {
      if (names[statement.language] === undefined) {
        findings.invalid(
          statement.path,
          null,
          `problem.yaml has no name in language "${statement.language}"`,
        );
      }
    }
    for (const language of Object.keys(names)) {
      if (!statements.some((statement) => statement.language === language)) {
        findings.invalid(
          "problem.yaml",
          null,
          `has a name but ${directory}/ no text in language "${language}"`,
        );
      }
    }
  }
  return statements;
};
