import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { temporaryDatabase } from "@assay/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

const entry = fileURLToPath(new URL("./process.ts", import.meta.url));
const Ready = z.object({
  ready: z.literal(true),
  url: z.url(),
  firstStart: z.object({ ownerToken: z.string() }).nullable(),
});

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "assay-server-process-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const start = (environment: Record<string, string>) =>
  spawn(process.execPath, [entry], {
    env: {
      ASSAY_BLOBS_DIR: join(directory, "blobs"),
      ASSAY_SECRETS_DIR: join(directory, "secrets"),
      ASSAY_PORT: "0",
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });

async function endOf(
  child: ReturnType<typeof start>,
): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const [[code], stdout, stderr] = await Promise.all([
    once(child, "exit"),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, stdout, stderr };
}

describe("the server's process", () => {
  it("says when it is ready, logs JSON lines with the correlation id, and drains on SIGTERM", async () => {
    await using temporary = await temporaryDatabase();
    const child = start({ ASSAY_DATABASE_URL: temporary.url });
    const logged = text(child.stderr);
    const [line] = await once(createInterface(child.stdout), "line");
    const ready = Ready.parse(JSON.parse(String(line)));
    const token = ready.firstStart?.ownerToken ?? "";
    const response = await fetch(`${ready.url}/api/v1/jobs`, {
      headers: { authorization: `Bearer ${token}`, "x-request-id": "trace-me-please" },
    });
    expect(await response.json()).toEqual({ items: [], nextCursor: null });
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);

    const lines = (await logged)
      .trim()
      .split("\n")
      .map((entry): unknown => JSON.parse(entry));
    expect(lines).toContainEqual(
      expect.objectContaining({ correlationId: "trace-me-please", path: "/api/v1/jobs", status: 200 }),
    );
    expect(await logged).not.toContain(token);
  });

  it("stops with 2 and names the variable when the configuration is bad", async () => {
    const { code, stdout, stderr } = await endOf(
      start({ ASSAY_DATABASE_URL: "postgres://x", ASSAY_PORT: "http" }),
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("ASSAY_PORT");
  });

  it("stops with 3 when there is no database", async () => {
    const { code, stderr } = await endOf(
      start({ ASSAY_DATABASE_URL: `postgres://x@localhost/x?host=${directory}` }),
    );
    expect(code).toBe(3);
    expect(stderr).toContain("database did not answer");
  });

  it("stops with 3 when its port is taken", async () => {
    await using temporary = await temporaryDatabase();
    await using taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = z.object({ port: z.int() }).parse(taken.address());
    const { code, stderr } = await endOf(
      start({ ASSAY_DATABASE_URL: temporary.url, ASSAY_PORT: String(port) }),
    );
    expect(code).toBe(3);
    expect(stderr).toContain("EADDRINUSE");
  });
});
