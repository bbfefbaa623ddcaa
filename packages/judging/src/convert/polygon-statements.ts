import type { DraftFile, Notes } from "./draft.ts";
import { sourceFile } from "./draft.ts";
import { languageCode } from "./languages.ts";
import type { Element } from "./polygon-xml.ts";
import type { Source } from "./source.ts";

const sections = [
  ["legend", null],
  ["input", "Input"],
  ["output", "Output"],
  ["interaction", "Interaction"],
  ["scoring", "Scoring"],
  ["notes", "Notes"],
] as const;

/** A name with commands or formulas is TeX already, as Polygon's own statements take it; in any other a percent sign is one. */
const titleInTex = (name: string): string =>
  /[\\$]/u.test(name)
    ? name
    : name.replace(/[&%#_{}]/gu, String.raw`\$&`).replace(/[~^]/gu, String.raw`\$&{}`);

/** Statements by their paths below statement/: from the sections that Polygon keeps, else a PDF. */
export const polygonStatements = async (
  source: Source,
  problem: Element,
  names: Readonly<Record<string, string>>,
  notes: Notes,
): Promise<ReadonlyMap<string, DraftFile>> => {
  const found = new Map<string, DraftFile>();
  const folders = new Set(
    source.paths.flatMap(
      (path) => /^statement-sections\/(?<name>[^/]+)\//u.exec(path)?.groups?.["name"] ?? [],
    ),
  );
  for (const folder of folders) {
    const code = languageCode(folder);
    if (code === null) {
      notes.add(`statement-sections/${folder}`, "is in no language that is known here and was left out");
      continue;
    }
    const parts = [`\\problemname{${titleInTex(names[code] ?? "")}}\n`];
    for (const [name, heading] of sections) {
      const path = `statement-sections/${folder}/${name}.tex`;
      const text = source.has(path) ? (await source.text(path)).trim() : "";
      if (text !== "") parts.push(heading === null ? text : `\\section*{${heading}}\n\n${text}`);
    }
    found.set(`problem.${code}.tex`, { content: `${parts.join("\n\n")}\n` });
    for (const path of source.paths) {
      const image = new RegExp(
        `^statement-sections/[^/]+/(?<name>[^/]+\\.(?:png|jpe?g|svg|gif))$`,
        "iu",
      ).exec(path);
      const name = image?.groups?.["name"];
      if (name !== undefined && path.startsWith(`statement-sections/${folder}/`) && !found.has(name))
        found.set(name, sourceFile(source, path));
    }
  }
  if (found.size > 0) return found;
  for (const statement of problem.child("statements").children("statement")) {
    const path = statement.attribute("path") ?? "";
    const code = languageCode(statement.attribute("language") ?? "");
    if (statement.attribute("type") !== "application/pdf" || code === null || !source.has(path)) continue;
    found.set(`problem.${code}.pdf`, sourceFile(source, path));
  }
  if (found.size === 0) notes.add("problem.xml", "brings no statement as sections or PDF");
  return found;
};
