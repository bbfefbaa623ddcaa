import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { ImageError } from "./errors.ts";
import { finishAndProbe } from "./finish/inside.ts";
import { finishLimits } from "./finish/limits.ts";
import type { FinishLimits } from "./finish/limits.ts";
import type { Image } from "./manifest.ts";
import { missingPackages } from "./process.ts";
import type { BuildProgress } from "./progress.ts";
import { recipeDigest } from "./recipe.ts";
import type { Recipe } from "./recipe.ts";
import { imageStore } from "./store.ts";
import type { ImageStatus } from "./store.ts";
import { tiny } from "./tiny.fixture.ts";
import { imageOwner, readTree } from "./tree.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "assay-build-"));
  chmodSync(directory, 0o755);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true, force: true });
});

const leftovers = (): string[] =>
  readdirSync(join(directory, ".building")).filter((name) => !name.endsWith(".lock"));

/** Processes with the text in their command line. */
const running = (text: string): string[] =>
  readdirSync("/proc").filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return readFileSync(`/proc/${name}/cmdline`, "utf8").includes(text);
    } catch {
      return false;
    }
  });

describe("a real build", () => {
  const events: BuildProgress[] = [];
  const meanwhile: Promise<ImageStatus>[] = [];
  let built = "";
  let image: Image | null = null;
  let unavailable: string | null = null;

  beforeAll(async () => {
    built = mkdtempSync(join(tmpdir(), "assay-build-"));
    const store = imageStore(built);
    try {
      image = await store.build(tiny, {
        progress: (event) => {
          events.push(event);
          if (event.phase === "extract" && event.done === 0) meanwhile.push(store.verify("tiny"));
        },
      });
    } catch (error) {
      if (!(error instanceof ImageError && ["tool_missing", "unreachable"].includes(error.code))) throw error;
      unavailable = error.message;
    }
  });
  afterAll(() => rmSync(built, { recursive: true, force: true }));

  const tinyImage = (skip: (reason: string) => never): Image =>
    image ?? skip(unavailable ?? "the image was not built");

  it("makes an image that is sound and lists its packages", async ({ skip }) => {
    const { root, digest, packages } = tinyImage(skip);
    expect(packages.map(({ name }) => name)).toEqual(["busybox-static"]);
    expect(packages[0]?.version).toMatch(/^\d+:[\d.]+/);
    for (const name of ["dev", "proc", "tmp", "w"]) {
      expect(readdirSync(join(root, name))).toEqual([]);
      expect(statSync(join(root, name)).mode & 0o7777).toBe(0o755);
    }
    const { text } = await readTree(root, { owner: imageOwner(built, root) });
    expect(text).toContain(" usr/bin/busybox\n");
    expect(
      text
        .split("\n")
        .slice(1, -1)
        .filter((line) => !/^(d 0755|f 0[67][45][45]|l 0777) 0 0 /.test(line)),
    ).toEqual([]);
    expect(existsSync(join(root, "etc/resolv.conf"))).toBe(false);
    expect(await imageStore(built).verify("tiny")).toMatchObject({ state: "ready", digest });
    expect(await imageStore(built).resolve("tiny")).toEqual(image);
  });

  it("tells how far it is, in order, and others that it is under way", async ({ skip }) => {
    tinyImage(skip);
    const phases = ["prepare", "index", "download", "extract", "trim", "finish", "digest", "done"];
    expect([...new Set(events.map(({ phase }) => phase))]).toEqual(phases);
    const download = events.findLast(({ phase }) => phase === "download");
    expect(download?.total).toBeGreaterThan(0);
    expect(download?.done).toBe(download?.total);
    expect((await Promise.all(meanwhile)).map(({ state }) => state)).toEqual(["building"]);
  });

  it("gives the same digest again: a sound image stays where it is, a damaged one is replaced", async ({
    skip,
  }) => {
    const { root, digest } = tinyImage(skip);
    const store = imageStore(built);
    const { ino } = statSync(root);
    expect((await store.build(tiny)).digest).toBe(digest);
    expect(statSync(root).ino).toBe(ino);
    writeFileSync(join(root, "usr/bin/busybox"), "damaged");
    expect(await store.verify("tiny")).toMatchObject({
      state: "damaged",
      reason: expect.stringContaining("content of usr/bin/busybox changed"),
    });
    expect((await store.build(tiny)).digest).toBe(digest);
    expect(await store.verify("tiny")).toMatchObject({ state: "ready", digest });
    expect(readdirSync(join(built, ".building"))).toEqual(["tiny.lock"]);
  });

  it("leaves nothing when it is cancelled in the middle", async ({ skip }) => {
    tinyImage(skip);
    const store = imageStore(directory);
    const controller = new AbortController();
    const building = store.build(tiny, {
      signal: controller.signal,
      progress: ({ phase }) => {
        if (phase === "download") controller.abort();
      },
    });
    await expect(building).rejects.toMatchObject({ code: "cancelled" });
    expect(leftovers()).toEqual([]);
    expect(await store.verify("tiny")).toMatchObject({ state: "missing" });
  });

  it.for(["download", "extract", "finish"])(
    "leaves nothing that runs when its builder is killed during %s; the next one sweeps up after it",
    async (phase, { skip }) => {
      const { digest } = tinyImage(skip);
      const store = imageStore(directory);
      const marker = `marker-${directory}`;
      const endless = `busybox setsid sh -c 'while :; do busybox sleep 1000; done' ${marker} & wait`;
      const recipe = { ...tiny, finish: [...tiny.finish, ["sh", "-c", endless]] };
      const lock = await imageStore(built).lockOf(digest);
      if (phase !== "download")
        cpSync(join(built, "archives"), join(directory, "archives"), { recursive: true });
      const index = new URL("./index.ts", import.meta.url).href;
      const script = `
        import { imageStore } from ${JSON.stringify(index)};
        const [, directory, recipe, lock] = process.argv;
        const progress = ({ phase }) => process.stdout.write(phase + "\\n");
        await imageStore(directory).build(JSON.parse(recipe), { lock: JSON.parse(lock), progress });
      `;
      const locked = { ...lock, recipe: recipeDigest(recipe) };
      const given = [directory, JSON.stringify(recipe), JSON.stringify(locked)];
      const builder = spawn(process.execPath, ["--input-type=module", "--eval", script, ...given], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const gone = once(builder, "exit");
      let said = "";
      builder.stdout.on("data", (chunk) => (said += String(chunk)));
      const isFar = (): boolean => (phase === "finish" ? running(marker).length > 3 : said.includes(phase));
      // The builder itself, what starts the program, its shell, and the process that it leaves.
      while (!isFar() && builder.exitCode === null) await delay(10);
      builder.kill("SIGKILL");
      await gone;
      expect(builder.signalCode).toBe("SIGKILL");
      while (running(marker).length > 0) await delay(10);
      expect(leftovers()).toEqual(["tiny"]);

      await store.build(tiny, lock === null ? {} : { lock });
      expect(leftovers()).toEqual([]);
      expect(await store.verify("tiny")).toMatchObject({ state: "ready", digest });
      expect(readFileSync("/proc/self/mountinfo", "utf8")).not.toContain(directory);
    },
  );

  it("fails by a package that the mirror does not have, and leaves no image", async ({ skip }) => {
    tinyImage(skip);
    const store = imageStore(directory);
    await expect(store.build({ ...tiny, packages: ["no-such-package"] })).rejects.toMatchObject({
      code: "build_failed",
      message: expect.stringMatching(/does not have: .*no-such-package/),
    });
    expect(leftovers()).toEqual([]);
    expect((await store.verify("tiny")).state).toBe("missing");
  });

  it.for<[string, Partial<Recipe>, RegExp]>([
    [
      "a probe that fails",
      { probes: [{ argv: ["sh", "-c", "echo reason >&2; exit 3"], stdout: null }] },
      /exited with 3: reason/,
    ],
    [
      "a probe that prints something else",
      { probes: [{ argv: ["busybox", "true"], stdout: "x" }] },
      /printed "" instead of "x"/,
    ],
    ["a program that is not there", { finish: [["no-such-program"]] }, /no-such-program/],
  ])("fails by %s", async ([, change, message], { skip }) => {
    const { root } = tinyImage(skip);
    const recipe = { ...tiny, finish: [], ...change };
    await expect(
      finishAndProbe(root, recipe, { progress: () => undefined, signal: undefined }),
    ).rejects.toMatchObject({ code: "build_failed", message: expect.stringMatching(message) });
  });

  it.for<[string, string, Partial<FinishLimits>, string | RegExp]>([
    ["runs for ever", "while :; do :; done", { seconds: 0.3 }, "ran for more than 0.3 s"],
    [
      "starts processes without end",
      "while :; do busybox sleep 1000 & done",
      { processes: 50 },
      // The kernel refuses an ordinary user the next one, and the shell gives up.
      /had more than 50 processes|can't fork/,
    ],
    [
      "takes memory without end",
      `busybox awk 'BEGIN { for (s = "x"; ; ) s = s s }'`,
      { memoryBytes: 50e6 },
      "needed more than 50 MB of memory",
    ],
    [
      "writes one file without end",
      "busybox cat /dev/zero >/file; exit $?",
      { fileBytes: 5e6 },
      "wrote a file of more than 5 MB",
    ],
    [
      "writes files without end",
      "i=0; while :; do i=$((i + 1)); busybox head -c 500000 /dev/zero >/file$i; done",
      { treeBytes: 20e6 },
      "left more than 20 MB in the image",
    ],
    [
      "leaves a file that is all hole",
      "busybox truncate -s 1000000000 /file",
      { treeBytes: 20e6 },
      "left more than 20 MB in the image",
    ],
    [
      "makes files without end",
      "i=0; while :; do i=$((i + 1)); busybox touch /file$i; done",
      { entries: 100 },
      "left more than 100 files",
    ],
  ])(
    "ends a finishing command, with all that it started, when it %s",
    async ([, script, change, why], { skip }) => {
      const root = join(directory, "root");
      cpSync(tinyImage(skip).root, root, { recursive: true, verbatimSymlinks: true });
      const marker = `marker-${root}`;
      // One that has left the process group, and does not end by itself.
      const started = `busybox setsid sh -c 'while :; do busybox sleep 1000; done' ${marker} & ${script}`;
      const recipe = { ...tiny, finish: [["sh", "-c", started]], probes: [] };
      const options = {
        progress: () => undefined,
        signal: undefined,
        limits: { ...finishLimits, ...change },
      };
      const error: unknown = await finishAndProbe(root, recipe, options).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: "build_failed" });
      expect(String(error)).toContain('In the image "tiny", `sh -c busybox setsid');
      expect(String(error)).toMatch(why);
      expect(running(marker)).toEqual([]);
    },
  );

  it.skipIf(process.getuid?.() !== 0)(
    "ends a finishing command that fills the disk with a file without a name (needs root)",
    async ({ skip }) => {
      const { root } = tinyImage(skip);
      const small = join(directory, "small");
      mkdirSync(small);
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=8m,mode=755", "tmpfs", small]);
      try {
        cpSync(root, join(small, "root"), { recursive: true, verbatimSymlinks: true });
        const script = "exec 5>/file; busybox rm /file; while :; do busybox cat /dev/zero >&5; done";
        const recipe = { ...tiny, finish: [["sh", "-c", script]], probes: [] };
        const options = { progress: () => undefined, signal: undefined };
        await expect(finishAndProbe(join(small, "root"), recipe, options)).rejects.toMatchObject({
          code: "disk_full",
          message: expect.stringContaining('In the image "tiny", `sh -c exec 5>/file;'),
        });
      } finally {
        execFileSync("umount", [small]);
      }
    },
  );

  it("has no way from inside the image to the host's network", async ({ skip }) => {
    const { root } = tinyImage(skip);
    await using server = createServer((socket) => socket.end("host"));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("the server has no port");
    const argv = ["busybox", "nc", "-w", "2", "127.0.0.1", String(address.port)];
    const recipe = { ...tiny, finish: [], probes: [{ argv, stdout: null }] };
    await expect(
      finishAndProbe(root, recipe, { progress: () => undefined, signal: undefined }),
    ).rejects.toMatchObject({ message: expect.stringContaining("Network is unreachable") });
  });
});

it("names the package that a missing tool is in", async () => {
  const bin = join(directory, "bin");
  vi.stubEnv("PATH", bin);
  await expect(imageStore(directory).build(tiny)).rejects.toMatchObject({ code: "tool_missing" });
  expect(await missingPackages()).toEqual(["apt", "dpkg", "hostname", "mount", "perl-base", "util-linux"]);
});

it("says which mirror does not answer", async ({ skip }) => {
  if (!existsSync("/usr/bin/apt-get")) skip("apt is not installed here");
  const mirror = "http://127.0.0.1:1/debian";
  await expect(imageStore(directory).build(tiny, { mirror })).rejects.toMatchObject({
    code: "unreachable",
    message: expect.stringContaining(mirror),
  });
  expect(leftovers()).toEqual([]);
});

describe.skipIf(process.getuid?.() !== 0)("on a file system that is too small", () => {
  let small = "";
  beforeEach(() => {
    small = join(directory, "small");
    mkdirSync(small);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=8m,mode=755", "tmpfs", small]);
  });
  afterEach(() => execFileSync("umount", [small]));

  it("says what is needed before it starts", async () => {
    await expect(imageStore(small).build(tiny)).rejects.toMatchObject({
      code: "disk_full",
      message: expect.stringMatching(/needs 200 MB in .*small.*, where 9 MB are free/),
    });
    expect(readdirSync(join(small, ".building"))).toEqual(["tiny.lock"]);
  });

  it("says so when it fills up meanwhile, and cleans up", async ({ skip }) => {
    const building = imageStore(small).build({ ...tiny, buildBytes: 0 });
    const error: unknown = await building.then(
      () => null,
      (reason: unknown) => reason,
    );
    if (error instanceof ImageError && ["tool_missing", "unreachable"].includes(error.code))
      skip(error.message);
    expect(error).toMatchObject({ code: "disk_full" });
    expect(readdirSync(join(small, ".building"))).toEqual(["tiny.lock"]);
  });
});

it("refuses a name that leads elsewhere before it touches anything", async () => {
  await expect(imageStore(directory).build({ ...tiny, name: "../tiny" })).rejects.toMatchObject({
    code: "invalid_name",
  });
  expect(readdirSync(directory)).toEqual([]);
});
