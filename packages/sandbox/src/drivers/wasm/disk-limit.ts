import type { Limits } from "@assay/contracts";

/** Numbers of errors in Emscripten's C library. */
const EFBIG = 22;
const ENOSPC = 51;

interface MemoryFiles {
  expandFileStorage: (node: { contents: Uint8Array }, capacity: number) => void;
  resizeFileStorage: (node: { usedBytes: number }, size: number) => void;
}

interface FileSystem {
  readonly filesystems: { readonly MEMFS: MemoryFiles };
  readonly ErrnoError: new (number: number) => Error;
}

/** Lets the files of Emscripten's file system not grow beyond the limits, all together and each. */
export function limitDisk(fs: FileSystem, { diskBytes, fileBytes }: Limits): void {
  const memory = fs.filesystems.MEMFS;
  const { expandFileStorage, resizeFileStorage } = memory;
  let used = 0;
  const reserve = (before: number, after: number): void => {
    if (after > fileBytes) throw new fs.ErrnoError(EFBIG);
    if (used + Math.max(0, after - before) > diskBytes) throw new fs.ErrnoError(ENOSPC);
  };
  memory.expandFileStorage = (node, capacity) => {
    const before = node.contents.byteLength;
    reserve(before, capacity);
    expandFileStorage(node, capacity);
    used += node.contents.byteLength - before;
  };
  memory.resizeFileStorage = (node, size) => {
    const before = node.usedBytes;
    reserve(before, size);
    resizeFileStorage(node, size);
    used += size - before;
  };
}
