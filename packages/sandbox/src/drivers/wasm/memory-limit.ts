const PAGE_BYTES = 65_536;

interface Memory {
  readonly buffer: ArrayBuffer;
  grow: (this: Memory, pages: number) => number;
}

/** The language's own; TypeScript knows it only as a part of browsers. */
const memories = (globalThis as unknown as { WebAssembly: { Memory: { prototype: Memory } } }).WebAssembly
  .Memory.prototype;

/**
 * Answers whether more was asked for than there may be, so far. Lets no WebAssembly memory grow beyond the limit: a program in it sees that there is no more. Made
 * before anything untrusted runs; machines grow their memory through this function only.
 */
export function limitMemory(maxBytes: number): () => boolean {
  let isHit = false;
  const { grow } = memories;
  memories.grow = function (this: Memory, pages: number): number {
    const wanted = this.buffer.byteLength + pages * PAGE_BYTES;
    if (wanted > maxBytes) {
      isHit = true;
      throw new RangeError("the memory limit is reached");
    }
    return grow.call(this, pages);
  };
  return () => isHit;
}
