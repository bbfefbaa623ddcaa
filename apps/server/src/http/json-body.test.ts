import { AssayError } from "@assay/contracts";
import { describe, expect, it } from "vitest";
import { parseJsonBody } from "./json-body.ts";
import { jsonFaultPosition } from "./json-position.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

function failureOf(body: Uint8Array): AssayError {
  try {
    parseJsonBody(body);
  } catch (error) {
    if (error instanceof AssayError) return error;
    throw error;
  }
  throw new Error("the body was taken");
}

describe("parseJsonBody", () => {
  it("reads UTF-8 JSON", () => {
    expect(parseJsonBody(bytes('{"a":["ä",1,null]}'))).toEqual({ a: ["ä", 1, null] });
  });

  it.each([
    ["lone continuation byte", [0x22, 0x80, 0x22]],
    ["overlong slash", [0x22, 0xc0, 0xaf, 0x22]],
    ["surrogate", [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ["UTF-16", [0xff, 0xfe, 0x22, 0x00, 0x22, 0x00]],
  ])("refuses %s as not UTF-8", (_name, body) => {
    expect(failureOf(Uint8Array.from(body)).code).toBe("body_not_utf8");
  });

  it("names line and column of the fault", () => {
    const error = failureOf(bytes('{\n  "language": "c",\n  "source" "x"\n}'));
    expect(error.code).toBe("malformed_json");
    expect(error.issues[0]).toMatchObject({ where: "body:3:12", line: 3 });
  });

  it("does not run out of stack on a deep body", () => {
    expect(failureOf(bytes("[".repeat(1_000_000))).code).toBe("malformed_json");
  });
});

describe("jsonFaultPosition", () => {
  it.each([
    ["", 0],
    ["hello", 0],
    ["{", 1],
    ["{]", 1],
    ["[1,]", 3],
    ["[1 2]", 3],
    ['{"a":1,}', 7],
    ['{"a" 1}', 5],
    ["{a:1}", 1],
    ['["\\x"]', 2],
    ['["a\nb"]', 3],
    ["[01]", 2],
    ["[1.]", 2],
    ["{} {}", 3],
    ["[NaN]", 1],
    ["'a'", 0],
    ["\ufeff{}", 0],
  ])("finds the fault of %j", (text, position) => {
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    expect(jsonFaultPosition(text)).toBe(position);
  });

  it("agrees with JSON.parse that a document is whole", () => {
    for (const text of ['{"a":[true,false,null,-1.5e+3,"\\u00e4\\n"],"b":{}}', " [ ] ", "0", '""']) {
      expect(() => JSON.parse(text)).not.toThrow();
      expect(jsonFaultPosition(text)).toBe(text.length);
    }
  });
});
