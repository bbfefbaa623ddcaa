import { execFile } from "node:child_process";
import { join } from "node:path";
import { temporaryDirectory } from "@assay/testing";
import { expect, test } from "vitest";

const script = join(import.meta.dirname, "process.ts");

/** Runs the runner's process to its end with exactly this environment. */
const run = (environment: Record<string, string>) => {
  const { promise, resolve } = Promise.withResolvers<{
    code: number | null;
    stdout: string;
    stderr: string;
  }>();
  const child = execFile(process.execPath, [script], { env: environment }, (_, stdout, stderr) =>
    resolve({ code: child.exitCode, stdout, stderr }),
  );
  return promise;
};

test("a configuration that can't be run with ends it with 2 and one line that names every variable", async () => {
  const { code, stdout, stderr } = await run({ ASSAY_SERVER_URL: "nowhere" });
  expect(code).toBe(2);
  expect(stdout).toBe("");
  expect(stderr.trim().split("\n")).toHaveLength(1);
  for (const name of ["ASSAY_SERVER_URL", "ASSAY_SANDBOX_DIR", "ASSAY_IMAGES_DIR", "ASSAY_CACHE_DIR"]) {
    expect(stderr).toContain(name);
  }
});

test("a machine without sandboxd ends it with 3 and says so", async () => {
  await using directory = await temporaryDirectory();
  const { code, stdout, stderr } = await run({
    ASSAY_SERVER_URL: "http://127.0.0.1:9",
    ASSAY_RUNNER_TOKEN: "t",
    ASSAY_SANDBOX_DIR: join(directory.path, "run"),
    ASSAY_IMAGES_DIR: join(directory.path, "images"),
    ASSAY_CACHE_DIR: join(directory.path, "cache"),
    ASSAY_LOG_LEVEL: "silent",
  });
  expect(code).toBe(3);
  expect(stdout).toBe("");
  expect(stderr).toContain("does sandboxd run?");
});
