import { expect, test } from "vitest";
import { promiseOfLists } from "./promises.ts";

test.each<[string[], string[], string[] | null]>([
  [["AC"], [], ["AC"]],
  [["AC", "WA"], [], ["AC", "WA"]],
  [["AC", "TLE"], ["TLE"], ["TLE"]],
  [[], ["WA"], ["WA"]],
  // Wrong on an early test is permitted, too slow on a later one required: the verdict is of the early one.
  [["AC", "WA", "TLE"], ["TLE"], ["TLE", "WA"]],
  [["RTE"], ["RTE"], ["RTE", "MLE", "OLE"]],
  [["AC"], ["AC"], ["AC"]],
  [["XX"], ["WA"], null],
])("permitted %j and required %j leave %j", (permitted, required, promise) => {
  expect(promiseOfLists(permitted, required)).toEqual(promise);
});
