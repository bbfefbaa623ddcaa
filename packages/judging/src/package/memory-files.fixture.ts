import type { PackageFiles } from "./files.ts";

/** A package held in memory: PackageFiles is the port, and this is a driver of it like any other. */
export const memoryFiles = (tree: Readonly<Record<string, string | Uint8Array>>): PackageFiles => ({
  list: () =>
    Promise.resolve(
      Object.entries(tree).map(([path, content]) => ({ path, size: Buffer.byteLength(content) })),
    ),
  read: (path) => {
    const content = tree[path];
    return content === undefined
      ? Promise.reject(new Error(`no file ${path}`))
      : Promise.resolve(Buffer.from(content));
  },
});
