import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { findProcesses, untilTrue } from "@assay/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureImages } from "./stack/ensure-images.ts";
import { footprint, leftovers, processOf } from "./stack/leftovers.ts";
import { checkout, defaultImagesDirectory } from "./stack/paths.ts";

const isRoot = process.getuid?.() === 0;

interface Running extends AsyncDisposable {
  readonly pid: number;
  readonly url: string;
  /** What it said on stderr. */
  readonly said: readonly string[];
}

/** The command as a user calls it; disposing interrupts it and expects it to end well. */
async function start(...args: string[]): Promise<Running> {
  const child = spawn(process.execPath, [join(checkout, "apps/cli/src/main.ts"), "exec-service", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => said.push(line));
  const ended = once(child, "exit");
  const ready = await Promise.race([once(createInterface({ input: child.stdout }), "line"), ended]);
  const url = /ready at (\S+)/.exec(String(ready[0]))?.[1];
  if (url === undefined) throw new Error(`it did not start: ${said.join("\n")}`);
  return { pid: child.pid ?? -1, url, said, [Symbol.asyncDispose]: () => stop(child, ended) };
}

async function stop(child: ChildProcess, ended: Promise<unknown[]>): Promise<void> {
  child.kill("SIGTERM");
  const [code] = await ended;
  if (code !== 0) throw new Error(`it ended with exit code ${String(code)}`);
}

const usual = [{ content: "" }, { name: "stdout", max: 10_240 }, { name: "stderr", max: 10_240 }];
const command = (args: string[], change: object = {}): object => ({
  args,
  env: ["PATH=/usr/bin:/bin"],
  files: usual,
  cpuLimit: 30e9,
  clockLimit: 60e9,
  memoryLimit: 512 * 1024 * 1024,
  procLimit: 50,
  ...change,
});

async function run(url: string, cmd: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${url}/run`, { method: "POST", body: JSON.stringify({ cmd: [cmd] }) });
  const [result] = (await response.json()) as Record<string, unknown>[];
  return result ?? {};
}

/** Of the command's own children, the one that was started with a file of the checkout. */
async function childWith(parent: number, path: string): Promise<number> {
  for (const { pid } of await findProcesses(({ commandLine }) => commandLine.includes(join(checkout, path))))
    if ((await processOf(pid))?.parent === parent) return pid;
  throw new Error(`there is no child with ${path}`);
}

const [sandboxd, service] = ["native/build/sandboxd", "apps/exec-service/src/process.ts"];

describe.skipIf(!isRoot)("assay exec-service (needs root)", () => {
  let running: Running;

  beforeAll(async () => {
    await ensureImages(defaultImagesDirectory(), ["cpp"], new AbortController().signal);
    running = await start("--port", "0", "--image", "cpp", "--slots", "4");
  });
  afterAll(() => running[Symbol.asyncDispose]());

  test("compiles once, and runs what was compiled", async () => {
    const compiled = await run(
      running.url,
      command(["/usr/bin/g++", "a.cc", "-o", "a"], {
        copyIn: {
          "a.cc": {
            content: "#include <iostream>\nint main() { int a, b; std::cin >> a >> b; std::cout << a + b; }",
          },
        },
        copyOut: ["stdout", "stderr"],
        copyOutCached: ["a"],
      }),
    );
    expect(compiled).toMatchObject({ status: "Accepted", files: { stdout: "", stderr: "" } });
    const { a } = compiled["fileIds"] as { a: string };
    const added = await run(
      running.url,
      command(["a"], { files: [{ content: "20 22" }, usual[1], usual[2]], copyIn: { a: { fileId: a } } }),
    );
    expect(added).toMatchObject({ status: "Accepted", files: { stdout: "42" } });
  });

  test("tells what a compiler says", async () => {
    const refused = await run(
      running.url,
      command(["/usr/bin/g++", "a.cc"], {
        tty: true,
        env: ["PATH=/usr/bin:/bin", "TERM=xterm"],
        copyIn: { "a.cc": { content: "int main(){int a}" } },
      }),
    );
    expect(refused).toMatchObject({
      status: "Nonzero Exit Status",
      exitStatus: 1,
      files: { stdout: expect.stringContaining("\u001b[") },
    });
  });

  test("gives the service no right but its own user's", async () => {
    const status = await readFile(`/proc/${await childWith(running.pid, service)}/status`, "utf8");
    expect(status).toMatch(/^Uid:\s+(?!0\s)\d+/m);
    expect(status).toMatch(/^CapBnd:\s+0+$/m);
    expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
  });

  test("serves again at the same place when sandboxd or the service was killed", async () => {
    for (const part of [sandboxd, service]) {
      process.kill(await childWith(running.pid, part), "SIGKILL");
      await untilTrue(async () => {
        const result = await run(running.url, command(["/bin/echo", "back"])).catch(() => ({}));
        return "status" in result && result.status === "Accepted";
      }, `programs run after ${part} was killed`);
    }
    expect((await fetch(`${running.url}/version`)).status).toBe(200);
  });

  test("leaves nothing behind when it stops", async () => {
    const other = await start("--port", "0", "--image", "cpp", "--slots", "2");
    expect(await run(other.url, command(["/bin/true"]))).toMatchObject({ status: "Accepted" });
    const config = (await (await fetch(`${other.url}/config`)).json()) as { fileStorePath: string };
    const directory = /^\/tmp\/assay-\w{6}/.exec(config.fileStorePath)?.[0] ?? "";
    const sandboxId = (await readFile(join(directory, "data/sandbox/state/id"), "utf8")).trim();
    await using before = await footprint([other.pid], sandboxId, directory);
    expect(before.networkNamespaces.size).toBeGreaterThan(0);
    expect((await leftovers(before)).join("\n")).toContain("is still running");
    await other[Symbol.asyncDispose]();
    expect(await leftovers(before)).toEqual([]);
  });

  test("does not open this machine to others by accident", async () => {
    await expect(start("--port", "0", "--image", "cpp", "--host", "0.0.0.0")).rejects.toThrow(
      "set ASSAY_EXEC_TOKEN, or say --allow-anonymous",
    );
    await expect(start("--port", "0", "--image", "none")).rejects.toThrow("there is no image named none");
    await expect(start("--port", "0", "--image", "0".repeat(64))).rejects.toThrow("there is no image 000");
  });
});
