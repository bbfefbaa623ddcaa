import { languageById } from "@assay/languages";
import { compileCaches } from "@assay/judging";
import { catalogueSandboxOrSkip } from "@assay/testing";
import { afterAll, describe, expect, test } from "vitest";
import { calibrate } from "./calibrate.ts";
import { kernels, referenceMs } from "./kernels.ts";
import { speedFactorOf } from "./speed-factor.ts";

const times = (factor: number) => ({
  integer: [referenceMs.integer * factor, 1e6],
  memory: [1e6, referenceMs.memory * factor],
  branches: [referenceMs.branches * factor],
});

describe("a speed factor", () => {
  test.each([
    [1, 1],
    [2, 0.5],
    [0.5, 2],
    [1 / 3, 3],
  ])("a machine that takes %f times as long has %f", (factor, expected) => {
    expect(speedFactorOf(times(factor))).toBe(expected);
  });

  test("no kernel counts more than another", () => {
    for (const kernel of kernels) {
      const measured = { ...times(1), [kernel]: [referenceMs[kernel] / 8] };
      expect(speedFactorOf(measured)).toBe(2);
    }
  });

  test("is not known without all of them", () => {
    expect(speedFactorOf({ ...times(1), memory: [] })).toBeNull();
    expect(speedFactorOf({ ...times(1), memory: [0] })).toBeNull();
  });
});

const box = await catalogueSandboxOrSkip();
afterAll(() => box[Symbol.asyncDispose]());

const driverAnd = (name: string) => {
  const language = languageById(name);
  const { sandbox, images } = box.get();
  if (language === null) throw new Error(`no language ${name}`);
  const digest = images.get(language.image) ?? "";
  const compiled = compileCaches(sandbox, {
    maxEntries: 1,
    maxBytes: 1 << 26,
    platform: "test",
    store: null,
  }).of("test");
  const provenance = {
    image: { name: language.image, digest },
    language: { id: language.id, version: "1" },
    runner: "test",
  };
  return { driver: { sandbox, compiled }, c: { language, provenance } };
};

describe.skipIf(box.skip !== null)(`on this machine ${box.skip ?? ""}`, () => {
  test("is measured", async () => {
    const { driver, c: language } = driverAnd("c");
    const factor = await calibrate(driver, language, new AbortController().signal);
    // Any machine that runs this is within these, whatever else it does.
    expect(factor).toBeGreaterThan(0.01);
    expect(factor).toBeLessThan(100);
  });

  test("is not known where the kernels don't compile, and that is no failure", async () => {
    const { driver, c: language } = driverAnd("cpp");
    const broken = {
      ...language,
      language: { ...language.language, compile: () => ({ argv: ["false"], env: {}, outputs: [] }) },
    };
    expect(await calibrate(driver, broken, new AbortController().signal)).toBeNull();
  });

  test("ends with its signal", async () => {
    const { driver, c: language } = driverAnd("c");
    const aborted = AbortSignal.abort(new Error("asked to stop"));
    await expect(calibrate(driver, language, aborted)).rejects.toThrow("asked to stop");
  });
});
