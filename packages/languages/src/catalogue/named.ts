import type { CompileCommand } from "../language.ts";
import { asArgument, extensionOf } from "../sources.ts";

/** What a source is called for a tool that takes no file without an extension. */
export const named = (file: string, extensions: readonly [string, ...string[]]): string =>
  extensions.includes(extensionOf(file)) ? file : `${file}${extensions[0]}`;

// $0 is how many of the words are files to copy; the compiler with its words follows them.
const copying = `left=$0
while [ "$left" -gt 0 ]; do
  cp "$1" "$1$COPY_EXTENSION" || exit
  shift
  left=$((left - 1))
done
exec "$@"`;

/** The command, after it has copied each source whose name says nothing to what `named` calls it. */
export const copyingUnnamed = (
  command: CompileCommand,
  sources: readonly string[],
  extensions: readonly [string, ...string[]],
): CompileCommand => {
  const unnamed = sources.filter((file) => named(file, extensions) !== file).map(asArgument);
  if (unnamed.length === 0) return command;
  const script = copying.replace("$COPY_EXTENSION", extensions[0]);
  return { ...command, argv: ["sh", "-c", script, String(unnamed.length), ...unnamed, ...command.argv] };
};
