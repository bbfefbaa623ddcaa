import { describe, expect, it } from "vitest";
import { SandboxError } from "./error.ts";
import { InputStream } from "./input-stream.ts";

const KiB = 1024;
const WINDOW = 256 * KiB;

/** An input whose pieces are kept; the end is an empty one. */
const start = () => {
  const sent: number[] = [];
  return { sent, input: new InputStream((bytes) => sent.push(bytes.byteLength)) };
};

/** Whether the promise has settled by now. */
const isSettled = (promise: Promise<unknown>): Promise<boolean> =>
  Promise.race([promise.then(() => true), new Promise<false>((resolve) => setImmediate(resolve, false))]);

describe("InputStream", () => {
  it("sends as much as the window takes, and the rest when the program has taken some", async () => {
    const { sent, input } = start();
    const first = input.write(Buffer.alloc(WINDOW - 1));
    const second = input.write(Buffer.alloc(100 * KiB));
    await first;
    expect(sent).toEqual([64 * KiB, 64 * KiB, 64 * KiB, 64 * KiB - 1, 1]);
    expect(await isSettled(second)).toBe(false);
    input.taken(99 * KiB);
    expect(await isSettled(second)).toBe(false);
    input.taken(1 * KiB);
    await second;
    expect(sent.slice(5)).toEqual([64 * KiB, 35 * KiB, 1023]);
  });

  it("keeps the order of writes", async () => {
    const sent: Buffer[] = [];
    const input = new InputStream((bytes) => sent.push(Buffer.from(bytes)));
    await input.write(Buffer.alloc(WINDOW));
    const writes = ["a", "b", "", "c"].map((text) => input.write(Buffer.from(text)));
    input.taken(WINDOW);
    await Promise.all(writes);
    expect(Buffer.concat(sent).toString("latin1").replaceAll("\0", "")).toBe("abc");
  });

  it("ends after what was written before, once", async () => {
    const { sent, input } = start();
    await input.write(Buffer.alloc(WINDOW));
    const last = input.write(Buffer.alloc(5));
    input.end();
    input.end();
    expect(sent.at(-1)).toBe(64 * KiB);
    input.taken(5);
    await last;
    expect(sent.slice(-2)).toEqual([5, 0]);
    await expect(input.write(Buffer.alloc(1))).rejects.toMatchObject({ code: "out_of_range" });
    expect(sent.filter((bytes) => bytes === 0)).toHaveLength(1);
  });

  it("never takes an empty write for the end", async () => {
    const { sent, input } = start();
    await input.write(new Uint8Array());
    expect(sent).toEqual([]);
    input.end();
    expect(sent).toEqual([0]);
  });

  it("drops what can't arrive any more", async () => {
    const { sent, input } = start();
    await input.write(Buffer.alloc(WINDOW));
    const waiting = input.write(Buffer.alloc(1));
    input.over();
    await waiting;
    await input.write(Buffer.alloc(1));
    expect(sent).toHaveLength(4);
  });

  it("rejects what waits when sandboxd is lost", async () => {
    const { input } = start();
    await input.write(Buffer.alloc(WINDOW));
    const waiting = input.write(Buffer.alloc(1));
    input.fail(new SandboxError("unavailable", "gone"));
    await expect(waiting).rejects.toMatchObject({ code: "unavailable" });
    await expect(input.write(Buffer.alloc(1))).rejects.toMatchObject({ code: "unavailable" });
  });

  it("believes no peer that took more than it was given", async () => {
    const { input } = start();
    await input.write(Buffer.alloc(10));
    expect(() => input.taken(11)).toThrow(SandboxError);
  });
});
