import { captured } from "@assay/sandbox";
import type { RunReport } from "@assay/sandbox";
import { asText } from "../output.ts";
import { printable } from "../printable.ts";

/** How much of what each side says is recorded, where it may be shown. */
export const recordBytes = 4096;

const shownCharacters = 200;

/** The beginning of what each side said, to stand behind a sentence. */
export const describeTalk = (validator: RunReport, submission: RunReport): string =>
  `; the validator said ${said(validator)}; the submission said ${said(submission)}`;

const said = (report: RunReport): string => {
  const total = report.fds[1]?.total ?? 0;
  if (total === 0) return "nothing";
  const characters = Array.from(asText(captured(report, 1)));
  const shown = printable(characters.slice(0, shownCharacters).join("").replaceAll("\n", "⏎"));
  const cut = characters.length > shownCharacters || total > recordBytes;
  return `"${shown}${cut ? `…" (${total} bytes)` : '"'}`;
};
