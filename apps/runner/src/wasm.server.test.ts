import { spawn } from "node:child_process";
import { once } from "node:events";
import { chown, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { isolationLevel, routes } from "@assay/contracts";
import type { NewRun } from "@assay/contracts";
import { temporaryDirectory } from "@assay/testing";
import { chmod } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer } from "./testing/real-server.ts";
import type { TestServer } from "./testing/real-server.ts";

/** Nobody, where we are root: this runner needs no right at all. */
const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

describe("a runner without boxes", () => {
  const resources = new AsyncDisposableStack();
  let server: TestServer;

  beforeAll(async () => {
    const directory = resources.use(await temporaryDirectory());
    await chmod(directory.path, 0o755);
    const cache = join(directory.path, "cache");
    await mkdir(cache);
    if (user.uid !== undefined) await chown(cache, user.uid, user.gid);
    server = resources.use(await startTestServer(60));
    const child = spawn(process.execPath, [join(import.meta.dirname, "process.ts")], {
      ...user,
      env: {
        ASSAY_SERVER_URL: server.url,
        ASSAY_RUNNER_TOKEN: server.runnerToken,
        ASSAY_RUNNER_NAME: "laptop",
        ASSAY_RUNNER_WASM: "only",
        ASSAY_RUNNER_SLOTS: "1",
        ASSAY_CACHE_DIR: cache,
        ASSAY_LOG_LEVEL: "warn",
      },
      stdio: ["ignore", "pipe", "inherit"],
    });
    resources.defer(async () => {
      child.kill("SIGTERM");
      await once(child, "exit");
    });
    await once(createInterface(child.stdout), "line");
  });
  afterAll(() => resources.disposeAsync());

  const run = (change: Partial<NewRun>) =>
    server.owner.call(routes.createRun, {
      query: { wait: 50 },
      body: { language: "python", source: "print(input()[::-1])", stdin: "olleh\n", ...change },
    });

  test("offers what WebAssembly can, with its level and the version that it has there", async () => {
    const { items } = await server.owner.call(routes.listRunners, {});
    const offered = items[0]?.languages.filter(({ available }) => available);
    expect(offered).toMatchObject([{ id: "python", image: "wasm:python", levels: ["wasm"], reason: null }]);
    expect(offered?.[0]?.version).toMatch(/^3\.\d+\.\d+$/);
    expect(items[0]?.languages.find(({ id }) => id === "cpp")?.reason).toContain("no boxes");
  });

  test("runs a program that names the level, and says where it ran", async () => {
    const { result } = await run({ requires: { isolation: "wasm" } });
    expect(result).toMatchObject({
      stdout: { text: "hello\n" },
      outcome: { status: "exited", exitCode: 0, driver: "wasm" },
      provenance: { image: { name: "wasm:python" }, language: { id: "python" } },
    });
    expect(result?.outcome && isolationLevel(result.outcome)).toBe("wasm");
  });

  test("a program that does not compile is told so", async () => {
    const { result } = await run({ source: "print(", requires: { isolation: "wasm" } });
    expect(result).toMatchObject({ outcome: null, compile: { succeeded: false } });
    expect(result?.compile?.output).toContain("SyntaxError");
  });

  test("is never chosen for a job that does not name it", async () => {
    await expect(run({})).rejects.toMatchObject({ code: "isolation_unavailable" });
    await expect(run({ requires: { isolation: "namespaces+rlimits+seccomp" } })).rejects.toMatchObject({
      code: "isolation_unavailable",
    });
  });
});
