import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { intakePackage } from "./archive/intake.ts";
import { packDirectory } from "./archive/pack.ts";
import { directoryFiles, manifestFiles } from "./package/files.ts";
import { parsePackage } from "./package/parse.ts";
import type { TestCase } from "./package/types.ts";
import { compareOutput } from "./validators/default.ts";
import { defaultValidatorFlags } from "./validators/flags.ts";
import type { ValidatorFlags } from "./validators/flags.ts";

const flagsOf = ({ comparator }: TestCase): ValidatorFlags =>
  comparator.kind === "default" ? comparator.flags : defaultValidatorFlags;

const problems = fileURLToPath(new URL("../../../content/problems", import.meta.url));
const names = (await readdir(problems, { withFileTypes: true }))
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

describe.each(names)("the problem %s", (name) => {
  test("is a sound package, with nothing to warn of", async () => {
    const problem = await parsePackage(directoryFiles(`${problems}/${name}`), { shortName: name });
    expect(problem).toMatchObject({ shortName: name, warnings: [], limits: { timeStated: true } });
    expect(problem.tests.length).toBeGreaterThanOrEqual(8);
    const accepted = problem.submissions.filter((each) => each.directory === "accepted");
    expect(accepted.map((each) => each.language)).toEqual(expect.arrayContaining(["c", "cpp", "python"]));
    expect(problem.submissions.map((each) => each.directory)).toEqual(
      expect.arrayContaining(["wrong_answer", "time_limit_exceeded", "run_time_error"]),
    );
  });

  test("accepts its own answers and no others", async () => {
    const files = directoryFiles(`${problems}/${name}`);
    const problem = await parsePackage(files);
    const answers = await Promise.all(
      problem.tests.map(async (each) => ({ ...each, answer: await files.read(each.answerPath) })),
    );
    for (const one of answers) {
      expect(compareOutput(one.answer, Buffer.from(one.answer), flagsOf(one))).toEqual({
        accepted: true,
      });
      expect(compareOutput(one.answer, Buffer.alloc(0), flagsOf(one)).accepted).toBe(false);
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
    expect(await parsePackage(uploaded, { shortName })).toEqual(
      await parsePackage(directoryFiles(`${problems}/${name}`), { shortName: name }),
    );
  });
});
