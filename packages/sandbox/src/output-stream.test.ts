import { describe, expect, it } from "vitest";
import { SandboxError } from "./error.ts";
import { OutputStream } from "./output-stream.ts";

const KiB = 1024;
const WINDOW = 256 * KiB;

const start = () => {
  const told: number[] = [];
  return { told, output: new OutputStream((bytes) => told.push(bytes)) };
};

const read = async (output: OutputStream): Promise<Buffer> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of output.read()) chunks.push(chunk);
  return Buffer.concat(chunks);
};

describe("OutputStream", () => {
  it("gives what came before and after somebody reads, in order, to the end", async () => {
    const { output } = start();
    output.push(Buffer.from("a"));
    output.push(Buffer.from("b"));
    const text = read(output);
    output.push(Buffer.from("c"));
    await new Promise(setImmediate);
    output.push(Buffer.alloc(5000, "d"));
    output.push(Buffer.from("e"));
    output.end();
    expect(String(await text)).toBe(`abc${"d".repeat(5000)}e`);
  });

  it("gives all that came before the end also to who reads later", async () => {
    const { output } = start();
    output.push(Buffer.from("late"));
    output.end();
    expect(String(await read(output))).toBe("late");
  });

  it("puts small pieces together, so that a window of single bytes costs no more than a window", async () => {
    const { output } = start();
    for (let count = 0; count < WINDOW; count += 1) output.push(Buffer.from([count & 255]));
    output.end();
    const sizes: number[] = [];
    const chunks: Uint8Array[] = [];
    for await (const chunk of output.read()) {
      sizes.push(chunk.byteLength);
      chunks.push(chunk);
    }
    expect(sizes).toHaveLength(1 + 16);
    expect(Buffer.concat(chunks).every((byte, index) => byte === (index & 255))).toBe(true);
  });

  it("counts a chunk as taken when the next is asked for", async () => {
    const { told, output } = start();
    const chunks = output.read()[Symbol.asyncIterator]();
    output.push(Buffer.alloc(64 * KiB));
    output.push(Buffer.alloc(64 * KiB));
    expect((await chunks.next()).value).toHaveLength(64 * KiB);
    expect(told).toEqual([]);
    await chunks.next();
    expect(told).toEqual([64 * KiB]);
    output.end();
    expect((await chunks.next()).done).toBe(true);
  });

  it("tells of many small chunks together", async () => {
    const { told, output } = start();
    const chunks = output.read()[Symbol.asyncIterator]();
    for (let count = 0; count < 100; count += 1) {
      output.push(Buffer.alloc(1000));
      await chunks.next();
    }
    expect(told).toEqual([66_000]);
  });

  it("believes no peer that sends more than a window and a pipe", () => {
    const { output } = start();
    output.push(Buffer.alloc(WINDOW));
    output.push(Buffer.alloc(1024 * KiB));
    expect(() => output.push(Buffer.alloc(1))).toThrow(SandboxError);
  });

  it("drops what came and what comes when it is discarded, and tells so", async () => {
    const { told, output } = start();
    output.push(Buffer.alloc(WINDOW));
    output.discard();
    expect(told).toEqual([WINDOW]);
    output.push(Buffer.alloc(WINDOW));
    expect(told).toEqual([WINDOW, WINDOW]);
    expect(() => output.read()).toThrow(SandboxError);
  });

  it("is discarded by who stops reading, also from outside", async () => {
    const { told, output } = start();
    output.push(Buffer.alloc(WINDOW));
    for await (const chunk of output.read()) {
      expect(chunk.byteLength).toBe(WINDOW);
      break;
    }
    output.push(Buffer.alloc(WINDOW));
    expect(told).toEqual([WINDOW, WINDOW]);

    const other = start().output;
    const waiting = read(other);
    await new Promise(setImmediate);
    other.discard();
    expect(await waiting).toHaveLength(0);
  });

  it("is read once", () => {
    const { output } = start();
    output.read();
    expect(() => output.read()).toThrow(SandboxError);
  });

  it("gives what came, and then says that sandboxd is lost", async () => {
    const { output } = start();
    output.push(Buffer.from("before"));
    output.fail(new SandboxError("unavailable", "gone"));
    const seen: string[] = [];
    const all = async (): Promise<void> => {
      for await (const chunk of output.read()) seen.push(String(chunk));
    };
    await expect(all()).rejects.toMatchObject({ code: "unavailable" });
    expect(seen).toEqual(["before"]);
  });
});
