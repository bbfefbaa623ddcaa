import { AssayError } from "@assay/contracts";
import type { SourceFile } from "@assay/contracts";
import { requireDistinctPaths, requirePlainPath } from "./path.ts";
import { sourceText } from "./text.ts";
import type { Carried } from "./text.ts";

/** The sources of a request: one text, or files. The contracts make sure that it is exactly one. */
export interface SourceInput {
  readonly source?: string | undefined;
  readonly files?: readonly (Carried & { readonly path: string })[] | undefined;
}

/**
 * The program's files as the platform carries them, after every check that needs no problem package.
 *
 * @param defaultName name of the only file where the request gives `source`
 * @param maxBytes all files together, as UTF-8
 * @throws AssayError `bad_path`, `source_not_text`, `source_empty`, `source_too_large`
 */
export function readSources(input: SourceInput, defaultName: string, maxBytes: number): SourceFile[] {
  const given = input.files ?? [
    { path: defaultName, content: input.source ?? "", encoding: "utf8" as const },
  ];
  for (const { path } of given) requirePlainPath("files", path);
  requireDistinctPaths(
    "files",
    given.map(({ path }) => path),
  );
  const files = given.map((file) => ({ path: file.path, content: sourceText(file.path, file) }));
  requireSize(files, maxBytes);
  if (files.every(({ content }) => content.trim() === ""))
    throw new AssayError("source_empty", "There is nothing but white space in the source.");
  return files;
}

/** @throws AssayError `source_too_large` */
function requireSize(files: readonly SourceFile[], maxBytes: number): void {
  const size = files.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
  if (size > maxBytes)
    throw new AssayError("source_too_large", `The source is ${size} bytes; at most ${maxBytes} are taken.`);
}
