import { environment } from "../environment.ts";
import type { CompileCommand } from "../language.ts";
import { asArgument } from "../sources.ts";

/**
 * A check by a tool that looks at one file per call. `tool` is shell text that the file's name follows.
 * Such tools say of each good file that it is good; only what they say of a bad one is passed on.
 */
export const checkEach = (tool: string, sources: readonly string[]): CompileCommand => ({
  argv: [
    "sh",
    "-c",
    `status=0
for file; do
  said=$(${tool} "$file" 2>&1) || { printf '%s\\n' "$said" >&2; status=1; }
done
exit "$status"`,
    "check",
    ...sources.map(asArgument),
  ],
  env: environment,
  outputs: [],
});
