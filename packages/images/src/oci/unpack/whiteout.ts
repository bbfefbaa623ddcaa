import { bad, show } from "../bad.ts";

export const whiteoutPrefix = ".wh.";
const opaqueName = ".wh..wh..opq";

/** What an entry's last name means in a layer: a whiteout of `hides`, or of all in its directory. */
export type Whiteout = { readonly hides: string } | "everything here";

/**
 * Null for an entry of its own.
 *
 * @throws ImageError `bad_archive` for a whiteout of no possible name, and for one that is not the last name
 */
export const whiteoutOf = (components: readonly string[], name: string): Whiteout | null => {
  if (components.slice(0, -1).some((part) => part.startsWith(whiteoutPrefix)))
    throw bad(`The entry ${show(name)} lies below a whiteout`);
  const last = components.at(-1) ?? "";
  if (!last.startsWith(whiteoutPrefix)) return null;
  if (last === opaqueName) return "everything here";
  const hides = last.slice(whiteoutPrefix.length);
  if (hides === "" || hides === "." || hides === ".." || hides.startsWith(whiteoutPrefix))
    throw bad(`The whiteout ${show(name)} names nothing that could be hidden`);
  return { hides };
};
