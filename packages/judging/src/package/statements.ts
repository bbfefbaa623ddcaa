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
  const other = version === "2025-09" ? "problem_statement" : "statement";
  const stray = entries.find(({ path }) => path.startsWith(`${other}/`));
  if (stray !== undefined) {
    findings.warn(stray.path, null, `is ignored; in this version statements are in ${directory}/`);
  }
  const statements: Statement[] = [];
  for (const { path } of entries) {
    const match = /^([a-z_]+)\/problem(?:\.([a-z]{2,3}(?:-[A-Z]{2})?))?\.(md|tex|pdf|html)$/u.exec(path);
    const format = match?.[3];
    if (match?.[1] !== directory || format === undefined) continue;
    if (format !== "md" && format !== "tex" && format !== "pdf" && format !== "html") continue;
    if (version === "2025-09" && match[2] === undefined) {
      findings.invalid(path, null, `needs a language in its name, for example problem.en.${format}`);
      continue;
    }
    statements.push({ language: match[2] ?? "en", format, path });
  }
  const languages = statements.map(({ language }) => language);
  for (const [index, { path, language, format }] of statements.entries()) {
    // A PDF beside the source that it was made of is common.
    const first = statements.findIndex((each) => each.language === language && each.format !== "pdf");
    if (format === "pdf" ? first === -1 && languages.indexOf(language) < index : first < index) {
      findings.warn(path, null, `is a second statement in language "${language}"`);
    }
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
