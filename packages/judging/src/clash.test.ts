import { expect, test } from "vitest";
import { clashOf } from "./clash.ts";

test.each<[string, string[], string[], string | null]>([
  ["a file where the package has a directory", ["main.py", "table"], ["table/x"], "table"],
  ["deeper", ["a/b"], ["a/b/c/d"], "a/b"],
  ["a directory where the package has a file", ["main.py", "lib/x.py"], ["lib"], "lib"],
  ["deeper too", ["a/b/c/d.py"], ["x", "a/b"], "a/b"],
  ["the same file", ["main.py", "table/x"], ["table/x"], null],
  ["the same directory", ["table/y"], ["table/x"], null],
  ["names that begin alike", ["tab", "table.txt"], ["table/x"], null],
  ["nothing of the package", ["a", "b/c"], [], null],
])("%s", (_, sources, placed, clash) => {
  expect(clashOf(sources, placed)).toBe(clash);
});
