import type { TreeModel } from "./model.ts";

/** Directories that sandboxd mounts over; whatever a link there meant, a mount would follow it. */
const mountPoints = ["dev", "proc", "tmp", "w"];

/** Makes the mount points empty directories. All else that a box can't have was left out on the way. */
export const fitForBox = ({ root }: TreeModel): void => {
  for (const name of mountPoints)
    root.children.set(name, { kind: "directory", layer: 0, children: new Map() });
};
