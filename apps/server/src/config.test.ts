import { describe, expect, it } from "vitest";
import { BadConfiguration, configFromEnvironment } from "./config.ts";

const enough = {
  ASSAY_DATABASE_URL: "postgresql://localhost/assay",
  ASSAY_BLOBS_DIR: "/var/lib/assay/blobs",
  ASSAY_SECRETS_DIR: "/var/lib/assay/secrets",
};

describe("configFromEnvironment", () => {
  it("completes what is left out", () => {
    expect(configFromEnvironment(enough)).toMatchObject({
      host: "127.0.0.1",
      port: 8080,
      roles: ["api", "maintenance"],
      maxSourceBytes: 1024 * 1024,
      verifyUploads: true,
    });
  });

  it("takes DATABASE_URL where ASSAY_DATABASE_URL is not set", () => {
    const { ASSAY_DATABASE_URL, ...rest } = enough;
    expect(configFromEnvironment({ ...rest, DATABASE_URL: ASSAY_DATABASE_URL }).databaseUrl).toBe(
      ASSAY_DATABASE_URL,
    );
  });

  it.each([
    ["ASSAY_DATABASE_URL", undefined],
    ["ASSAY_BLOBS_DIR", "relative/blobs"],
    ["ASSAY_PORT", "eighty"],
    ["ASSAY_PORT", "65536"],
    ["ASSAY_ROLES", "api,cook"],
    ["ASSAY_LOG_LEVEL", "loud"],
    ["ASSAY_LEASE_SECONDS", "0"],
    ["ASSAY_MAX_SOURCE_BYTES", "-1"],
    ["ASSAY_COMPATIBLE_APIS", "judge0,glot"],
    ["ASSAY_COMPATIBLE_QUEUE", "0"],
    ["ASSAY_CALLBACK_NETWORKS", "10.0.0.0/33"],
    ["ASSAY_CALLBACK_NETWORKS", "localhost"],
    ["ASSAY_JUDGE0_IMPLICIT_BASE64", "yes"],
  ])("names %s when it is %s", (name, value) => {
    expect(() => configFromEnvironment({ ...enough, [name]: value })).toThrow(BadConfiguration);
    expect(() => configFromEnvironment({ ...enough, [name]: value })).toThrow(name);
  });
});
