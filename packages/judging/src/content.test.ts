import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { intakePackage } from "./archive/intake.ts";
import { packDirectory } from "./archive/pack.ts";
import { compareBy } from "./comparators/compare.ts";
import { examples } from "./content-examples.fixture.ts";
import { allFeatures, featuresOf, graderWays, groupsIn } from "./content-features.fixture.ts";
import { directoryFiles, manifestFiles } from "./package/files.ts";
import { parsePackage } from "./package/parse.ts";
import type { ProblemPackage } from "./package/types.ts";

const problems = fileURLToPath(new URL("../../../content/problems", import.meta.url));
const names = (await readdir(problems, { withFileTypes: true }))
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();

const parsed = (name: string): Promise<ProblemPackage> =>
  parsePackage(directoryFiles(`${problems}/${name}`), { shortName: name });

/** What a problem whose time limit is to be measured is told, and nothing else. */
const warningsOf = ({ limits, type }: ProblemPackage): readonly unknown[] =>
  limits.timeStated || type.submitAnswer
    ? []
    : [{ where: "problem.yaml", line: null, message: expect.stringContaining("no time limit") }];

describe.each(names)("the problem %s", (name) => {
  test("is a sound package, with nothing to warn of", async () => {
    const problem = await parsed(name);
    expect(problem).toMatchObject({ shortName: name, warnings: warningsOf(problem) });
    expect(problem.uuid).toMatch(/^[0-9a-f-]{36}$/);
    expect(problem.credits).toMatchObject({ license: "cc by-sa", rightsOwner: "The Assay authors" });
    expect(problem.inputValidators).not.toEqual([]);
    expect(problem.tests.filter((each) => each.sample)).not.toEqual([]);
    expect(problem.statements.map((each) => each.language)).toContain("en");
  });

  test("is solved in two languages and shows how to fail", async () => {
    const { submissions, type } = await parsed(name);
    expect(submissions.filter((each) => each.expected.length === 0)).toEqual([]);
    const accepted = submissions.filter((each) => each.directory === "accepted");
    const languages = new Set(accepted.map((each) => each.language));
    expect(languages.size).toBeGreaterThanOrEqual(type.submitAnswer ? 1 : 2);
    expect(submissions.map((each) => each.directory)).toEqual(
      expect.arrayContaining(["accepted", "wrong_answer"]),
    );
  });

  test("shows what it is an example of", async () => {
    const files = directoryFiles(`${problems}/${name}`);
    const features = await featuresOf(await parsePackage(files), files);
    expect(features).toEqual(expect.arrayContaining([...(examples[name] ?? [])]));
  });

  test("accepts its own answers and no others", async () => {
    const files = directoryFiles(`${problems}/${name}`);
    const problem = await parsePackage(files);
    // A validator of the package's own judges by itself; regular expressions do not match themselves.
    if (problem.outputValidators.length > 0) return;
    for (const { comparator, answerPath } of problem.tests) {
      const answer = await files.read(answerPath);
      const same = await compareBy(comparator, answer, Buffer.from(answer));
      expect(same.accepted).toBe(comparator.kind !== "pattern");
      const isEmpty = Buffer.from(answer).toString().trim() === "";
      expect((await compareBy(comparator, answer, Buffer.alloc(0))).accepted).toBe(isEmpty);
    }
  });

  test("is the same package after an upload", async () => {
    const blobs = new Map<string, Uint8Array>();
    const { manifest, shortName } = await intakePackage(
      Readable.from([await packDirectory(`${problems}/${name}`)]),
      async (content) => {
        const bytes = await buffer(content);
        const digest = createHash("sha256").update(bytes).digest("hex");
        blobs.set(digest, bytes);
        return { digest, size: bytes.length };
      },
    );
    const uploaded = manifestFiles(manifest, (digest) =>
      Promise.resolve(blobs.get(digest) ?? new Uint8Array()),
    );
    expect(await parsePackage(uploaded, { shortName })).toEqual(await parsed(name));
  });
});

describe("the problems together", () => {
  test("are examples of everything", () => {
    expect(Object.keys(examples).sort()).toEqual(names);
    expect([...new Set(Object.values(examples).flat())].sort()).toEqual(allFeatures);
  });

  test("go through every way of the default grader", async () => {
    const all = await Promise.all(names.map(parsed));
    const flags = all.flatMap(({ data }) =>
      groupsIn(data).flatMap(({ rule }) =>
        rule.generation === "legacy" && rule.grader === null ? rule.graderFlags : [],
      ),
    );
    expect([...new Set(flags)].sort()).toEqual(graderWays);
  });

  test("have submissions for every verdict", async () => {
    const all = await Promise.all(names.map(parsed));
    const promised = all.flatMap(({ submissions }) => submissions.flatMap(({ expected }) => expected));
    expect([...new Set(promised)]).toEqual(
      expect.arrayContaining(["AC", "WA", "PE", "TLE", "MLE", "OLE", "RTE", "CE"]),
    );
  });

  test("are in the table of their README", async () => {
    const readme = await readFile(`${problems}/README.md`, "utf8");
    const rows = [...readme.matchAll(/^\| `([a-z-]+)` \|/gmu)].map(([, name]) => name);
    expect(rows).toEqual(names);
  });
});
