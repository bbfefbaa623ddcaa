import { describe, expect, it } from "vitest";
import { SandboxError } from "./error.ts";
import { FrameSplitter } from "./frames.ts";

const frame = (text: string): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(Buffer.byteLength(text));
  return Buffer.concat([length, Buffer.from(text)]);
};

describe("FrameSplitter", () => {
  const texts = ["a", "second", "x".repeat(300), "end"];
  const stream = Buffer.concat(texts.map(frame));

  it.each([1, 2, 3, 4, 5, 7, 64, stream.length])("finds the frames in pieces of %i bytes", (size) => {
    const found: string[] = [];
    const frames = new FrameSplitter((payload) => found.push(payload.toString()));
    for (let at = 0; at < stream.length; at += size) frames.push(stream.subarray(at, at + size));
    expect(found).toEqual(texts);
  });

  it("keeps a frame when the read buffer is used again", () => {
    const found: Buffer[] = [];
    const frames = new FrameSplitter((payload) => found.push(payload));
    const readBuffer = frame("kept");
    frames.push(readBuffer);
    readBuffer.fill(0);
    expect(String(found[0])).toBe("kept");
  });

  it.each([0, 576 * 1024 * 1024 + 1, 0xffff_ffff])("refuses a frame of %i bytes", (length) => {
    const header = Buffer.alloc(4);
    header.writeUInt32LE(length);
    const frames = new FrameSplitter(() => undefined);
    expect(() => frames.push(header)).toThrow(SandboxError);
  });
});
