import type { UnpackedFile } from "./additional-files.ts";

const runScript = "run";
const compileScript = "compile";

/**
 * A script that does what Judge0 does with a program of several files: `compile` if there is one, then
 * `run`. Both go in one box, within the limits of the run.
 *
 * @param mark goes before what a failed `compile` said; nobody else knows it before the box starts
 */
export const multiFileScript = (mark: string): string => `\
if [ -f ./${compileScript} ]; then
  said=$(bash ./${compileScript} 2>&1 </dev/null) || { printf '%s%s' '${mark}' "$said" >&2; exit 1; }
fi
exec bash ./${runScript} "$@"
`;

export const hasRunScript = (files: readonly UnpackedFile[]): boolean =>
  files.some(({ path }) => path === runScript);

/** What the script `compile` said when it failed; null when it did not. */
export function failedCompile(mark: string | null, said: Buffer): Buffer | null {
  if (mark === null || !said.subarray(0, mark.length).equals(Buffer.from(mark))) return null;
  return said.subarray(mark.length);
}
