import { describe, expect, it } from "vitest";
import { BadConfiguration, configFromEnvironment } from "./config.ts";

const needed = {
  ASSAY_EXEC_IMAGE: "0".repeat(64),
  ASSAY_SANDBOX_DIR: "/run/sandbox",
  ASSAY_EXEC_FILE_DIR: "/var/files",
};

describe("the configuration", () => {
  it("needs an image and two directories, and listens to this machine only", () => {
    expect(configFromEnvironment(needed)).toMatchObject({
      host: "127.0.0.1",
      port: 5050,
      token: null,
      origins: [],
      fileTtlMs: null,
      srcPrefixes: [],
      parallelism: expect.any(Number),
    });
  });

  it("takes what is set", () => {
    const config = configFromEnvironment({
      ...needed,
      ASSAY_EXEC_TOKEN: "secret",
      ASSAY_EXEC_FILE_SECONDS: "60",
      ASSAY_EXEC_SRC_PREFIXES: "/a\n/b b\n",
      ASSAY_EXEC_PARALLELISM: "3",
    });
    expect(config).toMatchObject({
      token: "secret",
      fileTtlMs: 60_000,
      srcPrefixes: ["/a", "/b b"],
      parallelism: 3,
    });
  });

  it.each([
    [{}, /ASSAY_EXEC_IMAGE.*ASSAY_SANDBOX_DIR.*ASSAY_EXEC_FILE_DIR/],
    [{ ...needed, ASSAY_EXEC_TOKEN: "" }, /ASSAY_EXEC_TOKEN/],
    [{ ...needed, ASSAY_EXEC_TOKEN: "two words" }, /ASSAY_EXEC_TOKEN: must be/],
    [
      { ...needed, ASSAY_EXEC_SRC_PREFIXES: "relative" },
      /ASSAY_EXEC_SRC_PREFIXES.0: must be an absolute path/,
    ],
    [{ ...needed, ASSAY_EXEC_PORT: "65536" }, /ASSAY_EXEC_PORT/],
    [{ ...needed, ASSAY_EXEC_PARALLELISM: "0" }, /ASSAY_EXEC_PARALLELISM/],
  ])("refuses %j by name", (environment, names) => {
    expect(() => configFromEnvironment(environment)).toThrow(BadConfiguration);
    expect(() => configFromEnvironment(environment)).toThrow(names);
  });
});
