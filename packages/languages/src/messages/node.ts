import { caretColumn } from "./columns.ts";
import { classify, refine } from "./parser.ts";
import type { Finding, MessageParser, Sources } from "./parser.ts";
import { jsRules, jsSourceRules } from "./rules/javascript.ts";

/** Where V8 stood: `/w/main.js:3`, with the line and a mark below. */
const headPattern = /^((?:file:\/\/)?[^\s:][^:]{0,400}):(\d{1,7})$/;
const framePattern =
  /^ {4}at (?:.{0,400} \()?((?:file:\/\/)?\/?[^\s():][^():]{0,400}):(\d{1,7}):(\d{1,7})\)?$/;
const errorPattern = /^(?:Uncaught )?([A-Za-z_$][\w$.]{0,100})(?: \[\w{1,60}\])?(?:: (.*))?$/;

interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number | null;
}

/** The first frame of the submission below a message. */
const ownFrame = (lines: readonly string[], from: number, sources: Sources): Place | null => {
  for (let at = from; at < lines.length; at += 1) {
    const text = lines[at] ?? "";
    if (!text.startsWith("    at ")) {
      if (at > from && !text.startsWith("- ") && !text.startsWith("Require stack")) return null;
      continue;
    }
    const frame = framePattern.exec(text);
    const [, file = "", line = "", column = ""] = frame ?? [];
    if (frame !== null && sources.own(file) !== null)
      return { file, line: Number(line), column: Number(column) };
  }
  return null;
};

const isFollowedByFrames = (lines: readonly string[], at: number): boolean =>
  lines.slice(at + 1, at + 12).some((text) => text.startsWith("    at "));

const read = (lines: readonly string[], sources: Sources): readonly Finding[] => {
  const found: Finding[] = [];
  let head: Place | null = null;
  for (const [at, text] of lines.entries()) {
    const top = headPattern.exec(text);
    if (top !== null) {
      const [, file = "", line = ""] = top;
      // Of a module that node could not load, it shows its own loader.
      head = sources.own(file) === null ? null : { file, line: Number(line), column: markBelow(lines, at) };
      continue;
    }
    const error = errorPattern.exec(text);
    if (error === null || !isFollowedByFrames(lines, at)) continue;
    const [, type = "", said] = error;
    const place: Place | null = ownFrame(lines, at + 1, sources) ?? head;
    const message = said === undefined ? type : `${type}: ${said}`;
    const file = place === null ? null : sources.own(place.file);
    const line = place === null || file === null ? null : sources.line(file, place.line);
    found.push({
      file: place?.file ?? null,
      line: place?.line ?? null,
      column: place?.column ?? null,
      kind: "error",
      message,
      ...refine(jsSourceRules, classify(jsRules, message), line),
    });
    // Causes and what else hangs on it stand below.
    break;
  }
  return found;
};

const markBelow = (lines: readonly string[], at: number): number | null => caretColumn(lines[at + 2]);

export const node: MessageParser = { compile: read, run: read };
