import { expect, test } from "vitest";
import { FenceRefused, GivenBack } from "../attempts/endings.ts";
import { asEnding } from "../executors/platform.ts";
import { echoPackage, startPackagePeer } from "../testing/package-peer.ts";
import { fenceRefused, lostAnswer, tooLarge, unavailable } from "../testing/server-peer.ts";
import { workOf } from "../testing/work.ts";
import { BlobUnreadable } from "./blob-cache.ts";

const work = () => workOf().work;

const endingOf = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => null, asEnding);

test("a package is fetched in the name of its attempt, parsed once, and each file read once", async () => {
  await using f = await startPackagePeer();
  const first = work();
  const { problem, files } = await f.packages.open(f.digest, first);
  expect(problem.tests.map(({ name }) => name)).toEqual(["sample/1", "secret/2"]);
  expect(Buffer.from(await files.read("data/secret/2.in")).toString()).toBe("b\n");
  const calls = f.server.of("blobs");
  expect(new Set(calls.map(({ jobId, attempt }) => `${jobId} ${attempt}`))).toEqual(
    new Set([`${first.job.jobId} 1`]),
  );
  const again = await f.packages.open(f.digest, work());
  expect(again.problem).toBe(problem);
  await again.files.read("data/secret/2.in");
  expect(f.server.of("blobs")).toHaveLength(calls.length);
});

test("files that are large arrive whole", async () => {
  const large = "x".repeat(3_000_000);
  await using f = await startPackagePeer({ ...echoPackage, "data/secret/2.in": large });
  const { files } = await f.packages.open(f.digest, work());
  expect((await files.read("data/secret/2.in")).byteLength).toBe(large.length);
});

test("a package that can't be had, is not one, or is not accepted gives the job back with the reason", async () => {
  await using f = await startPackagePeer();
  f.server.misbehave("blobs", tooLarge);
  expect(await endingOf(f.packages.open(f.digest, work()))).toBeInstanceOf(GivenBack);

  const noManifest = f.put(Buffer.from("{}"));
  expect(await endingOf(f.packages.open(noManifest, work()))).toMatchObject({
    name: "GivenBack",
    message: expect.stringContaining("not a package manifest"),
  });

  await using broken = await startPackagePeer({ "problem.yaml": "problem_format_version: 1066-10\n" });
  await expect(broken.packages.open(broken.digest, work())).rejects.toThrow(BlobUnreadable);
});

test("a fence that is refused for a blob stops the attempt", async () => {
  await using f = await startPackagePeer();
  f.server.misbehave("blobs", fenceRefused);
  expect(await endingOf(f.packages.open(f.digest, work()))).toBeInstanceOf(FenceRefused);
});

test("a server that is away is waited for", async () => {
  await using f = await startPackagePeer();
  f.server.misbehave("blobs", lostAnswer, unavailable);
  const { problem } = await f.clock.runUntil(f.packages.open(f.digest, work()));
  expect(problem.name).toBe("Echo");
});

test("a failure is not remembered", async () => {
  await using f = await startPackagePeer();
  f.server.misbehave("blobs", tooLarge);
  await endingOf(f.packages.open(f.digest, work()));
  expect((await f.packages.open(f.digest, work())).problem.name).toBe("Echo");
});
