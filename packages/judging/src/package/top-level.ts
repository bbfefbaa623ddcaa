import type { Findings } from "./findings.ts";
import type { PackageEntry } from "./files.ts";
import type { FormatVersion } from "./types.ts";

const shared = [
  "problem.yaml",
  "attachments",
  "data",
  "include",
  "submissions",
  "input_validators",
  "generators",
  ".timelimit",
  "domjudge-problem.ini",
  "assay.yaml",
];
const byVersion = {
  legacy: ["problem_statement", "graders", "output_validators", "input_format_validators", "solution"],
  "2025-09": [
    "statement",
    "solution",
    "output_validator",
    "static_validator",
    "input_visualizer",
    "output_visualizer",
  ],
} as const;

/** Reported elsewhere, where they are read or refused. */
const handled = [
  "statement",
  "problem_statement",
  "output_validator",
  "output_validators",
  "static_validator",
  "graders",
];

/** What else authors keep in the root: documentation, build files, the finished statement. */
const harmless = /^(?:readme|license|copying|changelog|makefile|problem\.(?:pdf|html|tex))|\.md$/iu;

/** Names in the root that mean nothing: most likely misspelt, or of another generation. */
export const warnOfUnknownParts = (
  entries: readonly PackageEntry[],
  version: FormatVersion,
  findings: Findings,
): void => {
  const known = new Set<string>([
    ...shared,
    ...byVersion[version === "2025-09" ? "2025-09" : "legacy"],
    ...handled,
  ]);
  const names = new Set(entries.map(({ path }) => path.split("/")[0] ?? path));
  for (const name of names) {
    if (!known.has(name) && !harmless.test(name)) {
      findings.warn(name, null, `is no part of the format (${version}) and is ignored`);
    }
  }
};
