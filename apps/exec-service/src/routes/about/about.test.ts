import { sandboxOrSkip } from "@assay/testing";
import { afterAll, describe, expect, it } from "vitest";
import { startTestService } from "../../testing/service.ts";

const box = await sandboxOrSkip({ slots: 1 });
afterAll(() => box[Symbol.asyncDispose]());

const features = {
  addressSpaceLimit: true,
  copyOutOptional: true,
  copyOutTruncate: true,
  fixSymlinkEscape: true,
  pipeProxy: true,
  pipeProxyZeroCopy: true,
  procPeak: true,
  stream: true,
  symlink: true,
};

describe.skipIf(box.skip)(`what the service says of itself ${box.skip ?? ""}`, () => {
  it("is a version that clients can compare, and what they may use", async () => {
    await using service = await startTestService(box.get());
    const version = await (await fetch(`${service.url}/version`)).json();
    expect(version).toMatchObject(features);
    expect(version).toMatchObject({
      buildVersion: expect.stringMatching(/^v1\.\d+\.\d+$/),
      goVersion: expect.any(String),
      os: "linux",
      platform: expect.stringMatching(/^(amd64|arm64)$/),
    });
  });

  it("is the control groups that are really in force", async () => {
    await using service = await startTestService(box.get());
    const config = await (await fetch(`${service.url}/config`)).json();
    const { isolation } = box.get().sandbox;
    const controllers = [
      ...(isolation.includes("cpu") ? ["cpu"] : []),
      ...(isolation.includes("memory") ? ["memory"] : []),
      ...(isolation.includes("processes") ? ["pids"] : []),
    ];
    expect(config).toMatchObject(features);
    expect(config).toMatchObject({
      fileStorePath: expect.stringMatching(/^\//),
      runnerConfig: {
        cgroupControllers: controllers,
        cgroupType: controllers.length === 0 ? 0 : isolation.includes("cgroup-v2") ? 2 : 1,
        workDir: "/w",
        isolation,
      },
    });
  });
});
