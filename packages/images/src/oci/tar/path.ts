import { bad, show } from "../bad.ts";

/** The image's directory stands before it, and the system takes 4095 bytes in all. */
const maxPathBytes = 2048;
const maxNameBytes = 255;
const maxDepth = 128;
const maxTargetBytes = 4095;

/**
 * The components of an entry's name; none for the root itself. A slash at the beginning means the image's
 * root, as umoci writes it. A name that leads upwards is refused, not mended.
 */
export const entryComponents = (name: string): string[] => {
  if (name.includes("\0")) throw bad(`The entry ${show(name)} has a NUL in its name`);
  const components = name.split("/").filter((part) => part !== "" && part !== ".");
  if (components.includes("..")) throw bad(`The entry ${show(name)} leads out of the image`);
  if (name === "") throw bad("An entry has no name");
  if (name.length > maxPathBytes)
    throw bad(`The entry ${show(name)} has a path of over ${maxPathBytes} bytes`);
  if (components.length > maxDepth) throw bad(`The entry ${show(name)} is over ${maxDepth} directories deep`);
  if (components.some((part) => part.length > maxNameBytes))
    throw bad(`The entry ${show(name)} has a name of over ${maxNameBytes} bytes`);
  return components;
};

/** Any text may be a link's target: nobody follows it before it is inside a box. */
export const linkTarget = (name: string, target: string): string => {
  if (target === "" || target.includes("\0") || target.length > maxTargetBytes)
    throw bad(
      `The link ${show(name)} has an empty target, a NUL in it, or more than ${maxTargetBytes} bytes`,
    );
  return target;
};
