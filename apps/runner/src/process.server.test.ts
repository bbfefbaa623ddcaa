import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { routes } from "@assay/contracts";
import { startSandboxd } from "@assay/sandbox";
import { temporaryDirectory, whyNoSandbox } from "@assay/testing";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { startTestServer } from "./testing/real-server.ts";

const skip = await whyNoSandbox();

const Ready = z.object({ ready: z.literal(true), name: z.string(), runnerId: z.uuid() });

/** Nobody: a runner needs no privilege. */
const uid = 65_534;

/** A server and a sandboxd, and a way to start the runner's process between them. */
const fixture = async () => {
  await using resources = new AsyncDisposableStack();
  const { path } = resources.use(await temporaryDirectory());
  await chmod(path, 0o755);
  const [state, run, images, cache] = ["state", "run", "images", "cache"].map((name) => join(path, name));
  if (!state || !run || !images || !cache) throw new Error("a directory has no name");
  for (const directory of [state, run, images, cache]) await mkdir(directory);
  await chown(cache, uid, uid);
  const server = resources.use(await startTestServer(15));
  resources.use(
    await startSandboxd({
      stateDirectory: state,
      runDirectory: run,
      imagesDirectory: images,
      slots: 2,
      clientUid: uid,
      log: () => {},
    }),
  );
  const start = (token: string) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, "process.ts")], {
      uid,
      gid: uid,
      env: {
        ASSAY_SERVER_URL: server.url,
        ASSAY_RUNNER_TOKEN: token,
        ASSAY_RUNNER_NAME: "host-1",
        ASSAY_SANDBOX_DIR: run,
        ASSAY_IMAGES_DIR: images,
        ASSAY_CACHE_DIR: cache,
        ASSAY_LOG_LEVEL: "warn",
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    resourcesOfTest.defer(() => void child.kill("SIGKILL"));
    return child;
  };
  const resourcesOfTest = resources.move();
  return { server, start, [Symbol.asyncDispose]: () => resourcesOfTest.disposeAsync() };
};

describe.skipIf(skip !== null)(`the runner as a process ${skip ?? ""}`, () => {
  test("it says when it is registered, offers what it can, and drains at SIGTERM", async () => {
    await using f = await fixture();
    const child = f.start(f.server.runnerToken);
    const [line] = await once(createInterface(child.stdout), "line");
    const { runnerId } = Ready.parse(JSON.parse(String(line)));
    const { items } = await f.server.owner.call(routes.listRunners, {});
    expect(items).toMatchObject([{ id: runnerId, name: "host-1", alive: true, slots: 2 }]);
    expect(items[0]?.languages.map(({ available }) => available)).not.toContain(true);
    expect(items[0]?.isolation).toContain("namespaces");
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  test("a token that the server does not take ends it with 2 and says so", async () => {
    await using f = await fixture();
    const child = f.start("assay_wrong");
    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
    expect(stderr).toContain("does not take this runner's token");
    expect(code).toBe(2);
  });
});
