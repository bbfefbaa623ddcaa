import { readFile, realpath } from "node:fs/promises";
import { ImageError } from "./errors.ts";
import { runTool } from "./process.ts";
import { removeTree } from "./remove-tree.ts";

/** Mount points at or below a directory, deepest first, from the text of /proc/self/mountinfo. */
export const mountsBelow = (directory: string, mountinfo: string): string[] =>
  mountinfo
    .split("\n")
    .map((line) => line.split(" ")[4] ?? "")
    .map((path) =>
      path.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8))),
    )
    .filter((path) => path === directory || path.startsWith(`${directory}/`))
    .toReversed();

/**
 * Removes a build's directory: first what is mounted there, so that removing can't reach
 * through a mount into the host.
 *
 * @throws ImageError `build_failed` when something stays mounted
 */
export const removeBuildDirectory = async (path: string): Promise<void> => {
  // The kernel names mounts by their real path.
  const real = await realpath(path).catch(() => path);
  const mounted = async (): Promise<string[]> =>
    mountsBelow(real, await readFile("/proc/self/mountinfo", "utf8"));
  for (const mount of await mounted()) await runTool(["umount", "--", mount]);
  const [left] = await mounted();
  if (left !== undefined)
    throw new ImageError("build_failed", `${left} is mounted and busy; unmount it, then build again.`);
  await removeTree(path);
};
