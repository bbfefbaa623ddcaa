import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { languages } from "./catalogue/index.ts";

const page = readFileSync(new URL("../../../docs/languages.md", import.meta.url), "utf8");

/** CPU time of the hello program by id, ms. */
const measured = new Map(
  page
    .slice(page.indexOf("## What starting costs"))
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .flatMap(([, id = "", , , , cpu = ""]) => (languages.has(id) ? [[id, Number(cpu)] as const] : [])),
);

/** Machines differ, and releases that share a description take the largest figure of theirs. */
const tolerance = { factor: 2, ms: 2 };

describe("what a CPU limit allows for starting", () => {
  test("is measured for nearly all languages", () => {
    expect(measured.size).toBeGreaterThan(languages.size * 0.8);
  });

  // One that has no row yet is proven when the page is made again.
  test.each([...measured])("is for %s what the table says: %f ms", (id, cpuMs) => {
    const offsetMs = languages.get(id)?.timing?.offsetMs ?? 0;
    expect(offsetMs).toBeGreaterThanOrEqual(cpuMs / tolerance.factor - tolerance.ms);
    expect(offsetMs).toBeLessThanOrEqual(cpuMs * tolerance.factor + tolerance.ms);
  });
});
