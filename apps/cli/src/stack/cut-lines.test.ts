import { once } from "node:events";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { cutLines } from "./cut-lines.ts";

const linesOf = async (...chunks: readonly (string | Buffer)[]): Promise<string[]> => {
  const stream = new PassThrough();
  const lines: string[] = [];
  cutLines(stream, (line) => lines.push(line));
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  await once(stream, "end");
  return lines;
};

test("lines come whole, whatever pieces they arrive in", async () => {
  const euro = Buffer.from("€");
  expect(await linesOf("one\ntw", "o\r\n\nthr", euro.subarray(0, 1), euro.subarray(1), "\nlast")).toEqual([
    "one",
    "two",
    "",
    "thr€",
    "last",
  ]);
});

test("a line without end is cut", async () => {
  const lines = await linesOf(...Array<string>(10).fill("x".repeat(20_000)), "\nnext\n");
  expect(lines.map(({ length }) => length)).toEqual([65_536, 65_536, 65_536, 3392, 4]);
});
