import { expect, test } from "vitest";
import { nothingStated, promiseFor, verdictsLeft, verdictsOf } from "./promises.ts";

test.each<[string[] | null, string[] | null, string[]]>([
  [["AC"], null, ["AC"]],
  [["AC", "WA"], null, ["AC", "WA"]],
  [["AC", "TLE"], ["TLE"], ["TLE"]],
  [["AC", "WA"], ["WA"], ["WA"]],
  // Wrong on an early test is permitted, too slow on a later one required: the verdict is of the early one.
  [["AC", "WA", "TLE"], ["TLE"], ["WA", "TLE"]],
  [["RTE"], ["RTE"], ["RTE", "MLE", "OLE"]],
  [null, ["WA"], ["WA", "TLE", "RTE", "MLE", "OLE"]],
  [null, null, ["AC", "WA", "TLE", "RTE", "MLE", "OLE"]],
])("permitted %j and required %j leave %j", (permitted, required, left) => {
  const promise = promiseFor(null, {
    ...nothingStated,
    permitted: permitted === null ? null : verdictsOf(permitted),
    required: required === null ? null : verdictsOf(required),
  });
  expect(verdictsLeft([promise])).toEqual(left);
});

test("a word that is no verdict of the format is none of ours", () => {
  expect(verdictsOf(["AC", "MLE"])).toBeNull();
});

test.each([
  ["lower", false, []],
  ["upper", true, ["TLE"]],
  ["none", true, []],
] as const)("use_for_time_limit: %s", (timeLimit, permitsTle, required) => {
  const promise = promiseFor("secret/*-hard", { ...nothingStated, timeLimit });
  expect(promise.permitted.includes("TLE")).toBe(permitsTle);
  expect(promise).toMatchObject({ tests: "secret/*-hard", required, timeLimit });
});
