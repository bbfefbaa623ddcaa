import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { BadConfiguration, configFromEnvironment } from "./config.ts";

const good = {
  ASSAY_SERVER_URL: "http://127.0.0.1:7300",
  ASSAY_RUNNER_TOKEN: "t",
  ASSAY_SANDBOX_DIR: "/run/assay",
  ASSAY_IMAGES_DIR: "/images",
  ASSAY_CACHE_DIR: "/cache",
};

test("what is left out has a default", async () => {
  expect(await configFromEnvironment(good)).toMatchObject({ token: "t", slots: null, drainSeconds: 30 });
});

test("the token comes from its file, without the line's end", async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "assay-config-"));
  const file = join(directory.path, "token");
  await writeFile(file, "assay_abc\n");
  const { ASSAY_RUNNER_TOKEN: _, ...rest } = good;
  expect(await configFromEnvironment({ ...rest, ASSAY_RUNNER_TOKEN_FILE: file })).toMatchObject({
    token: "assay_abc",
  });
  await writeFile(file, "two\ntokens\n");
  await expect(configFromEnvironment({ ...rest, ASSAY_RUNNER_TOKEN_FILE: file })).rejects.toThrow(
    "one token",
  );
});

test("a runner without boxes needs no sandboxd and no images", async () => {
  const { ASSAY_SANDBOX_DIR: _, ASSAY_IMAGES_DIR: __, ...rest } = good;
  const config = await configFromEnvironment({ ...rest, ASSAY_RUNNER_WASM: "only" });
  expect(config).toMatchObject({ native: null, wasm: true });
  expect(await configFromEnvironment(good)).toMatchObject({
    native: { sandboxDirectory: "/run/assay", imagesDirectory: "/images" },
    wasm: false,
  });
});

test.each([
  [{ ASSAY_SERVER_URL: "ftp://x" }, "ASSAY_SERVER_URL"],
  [{ ASSAY_SERVER_URL: undefined }, "ASSAY_SERVER_URL"],
  [{ ASSAY_CACHE_DIR: "cache" }, "ASSAY_CACHE_DIR: must be an absolute path"],
  [{ ASSAY_RUNNER_SLOTS: "0" }, "ASSAY_RUNNER_SLOTS"],
  [{ ASSAY_RUNNER_SLOTS: "many" }, "ASSAY_RUNNER_SLOTS"],
  [{ ASSAY_RUNNER_TOKEN: undefined }, "ASSAY_RUNNER_TOKEN"],
  [{ ASSAY_RUNNER_TOKEN_FILE: "/x" }, "one of"],
  [{ ASSAY_RUNNER_TOKEN: undefined, ASSAY_RUNNER_TOKEN_FILE: "/does/not/exist" }, "can't be read"],
  [{ ASSAY_LOG_LEVEL: "loud" }, "ASSAY_LOG_LEVEL"],
  [{ ASSAY_SANDBOX_DIR: undefined }, "ASSAY_SANDBOX_DIR: is needed"],
  [{ ASSAY_RUNNER_WASM: "on", ASSAY_IMAGES_DIR: undefined }, "ASSAY_IMAGES_DIR: is needed"],
  [{ ASSAY_RUNNER_WASM: "always" }, "ASSAY_RUNNER_WASM"],
])("%j is refused by name", async (change, named) => {
  const attempt = configFromEnvironment({ ...good, ...change });
  await expect(attempt).rejects.toThrow(BadConfiguration);
  await expect(attempt).rejects.toThrow(named);
});
