import { IsolationLevel } from "@assay/contracts";
import { randomInt } from "node:crypto";
import { describe, expect, it } from "vitest";
import { isolationOfQueue, languageOfQueue, queueName, queuesOf } from "./queue-name.ts";

const organization = "018f4bb2-6f4e-7b9a-9d3c-0a1b2c3d4e5f";

/** A word of characters that ids have, that separate parts or escape, or that are of anything at all. */
const randomWord = (): string => {
  const alphabets = ["abcxyz0189", "@._-/+#_4f", "python@3.13", null];
  return Array.from({ length: randomInt(1, 40) }, () => {
    const alphabet = alphabets[randomInt(alphabets.length)];
    if (alphabet) return alphabet.charAt(randomInt(alphabet.length));
    const point = randomInt(0x110000);
    // Halves of a surrogate pair are no characters.
    return String.fromCodePoint(point >= 0xd800 && point <= 0xdfff ? 0xfffd : point);
  }).join("");
};

describe("the name of a queue", () => {
  it("is readable, and that of a plain id is as it ever was", () => {
    expect(queueName(organization, "c-clang")).toBe(`${organization}.c-clang`);
    expect(queueName(organization, "python@3.13")).toBe(`${organization}.python_40_3_2e_13`);
  });

  it("is one that the queue takes, and tells its language and isolation, for any word", () => {
    const levels = [null, ...IsolationLevel.options];
    for (let round = 0; round < 5_000; round++) {
      const language = randomWord();
      const level = levels[round % levels.length] ?? null;
      const name = queueName(organization, language, level);
      expect(name).toMatch(/^[\w.\-/]+$/);
      expect(name.split(".")).toHaveLength(level === null ? 2 : 3);
      expect([languageOfQueue(name), isolationOfQueue(name)]).toEqual([language, level]);
    }
  });

  it("is another one for every other word", () => {
    const words = new Set(Array.from({ length: 5_000 }, randomWord));
    for (const word of ["_40_", "@", "a@b", "a_40_b", "a_5f_40_5f_b", "_", "__", "_5f_"]) words.add(word);
    const names = new Set([...words].map((word) => queueName(organization, word)));
    expect(names.size).toBe(words.size);
  });

  it("is the same for who sends and for who serves", () => {
    const offer = {
      id: "python@3.13",
      image: "python@3.13",
      available: true,
      version: "3.13.5",
      reason: null,
      levels: [...IsolationLevel.options],
      test: null,
    };
    const served = queuesOf(organization, [offer, { ...offer, id: "c", available: false }]);
    expect(served).toContain(queueName(organization, "python@3.13"));
    expect(served.map(languageOfQueue)).toEqual(served.map(() => "python@3.13"));
  });
});
