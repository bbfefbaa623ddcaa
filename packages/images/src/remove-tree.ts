import { ImageError } from "./errors.ts";
import { runTool } from "./process.ts";

/**
 * Removes a tree in which others may own directories, and may still be about: rm(1) goes from each
 * directory into the next by descriptor. Node goes by path, so that a directory which becomes a link at
 * the right moment leads it, with all its rights, to wherever the link says. What is mounted there stays.
 *
 * @throws ImageError `build_failed` with what is left
 */
export const removeTree = async (path: string): Promise<void> => {
  const { code, stderr } = await runTool(["rm", "-rf", "--one-file-system", "--", path]);
  if (code !== 0) throw new ImageError("build_failed", stderr.trim().slice(-1000));
};
