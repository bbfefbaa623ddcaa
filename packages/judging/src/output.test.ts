import { expect, test } from "vitest";
import { capturedOutput } from "./output.ts";

test.each([
  ["text", Buffer.from("héllo\n"), { text: "héllo\n", exact: true, base64: null }],
  ["nothing", Buffer.alloc(0), { text: "", exact: true, base64: null }],
  ["a byte order mark", Buffer.from("\ufeffx"), { text: "\ufeffx", exact: true, base64: null }],
  ["NUL", Buffer.from("a\0b"), { text: "a\ufffdb", exact: false, base64: "YQBi" }],
  ["other bytes", Buffer.from([0x61, 0xff]), { text: "a\ufffd", exact: false, base64: "Yf8=" }],
])("%s", (_, bytes, captured) => {
  expect(capturedOutput(bytes)).toEqual(captured);
});
