import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { archiveName, lockedArchives } from "./archives.ts";
import { ImageError } from "./errors.ts";
import { lockText } from "./image-lock.ts";
import type { ImageLock } from "./image-lock.ts";
import { finishAndProbe } from "./finish/inside.ts";
import type { Image } from "./manifest.ts";
import type { BuildProgress } from "./progress.ts";
import type { Recipe } from "./recipe.ts";
import { base } from "./recipes/base.ts";
import { python } from "./recipes/python.ts";
import { commonTrimming } from "./recipes/shared.ts";
import { imageStore } from "./store.ts";
import type { ImageStore } from "./store.ts";

/** Writes what would differ between two builds if a build let it. */
const nosy: Recipe = {
  name: "nosy",
  description: "busybox, asked where and when it is",
  from: null,
  suite: "bookworm",
  packages: ["busybox-static"],
  npm: [{ name: { all: "semver" }, version: "7.7.2", into: "usr/lib/node_modules/semver" }],
  files: { "usr/bin/greet": "#!/bin/sh\necho hello\n", "etc/greeting": "hello\n" },
  buildBytes: 200e6,
  remove: commonTrimming,
  finish: [
    ["busybox", "ln", "-s", "busybox", "/bin/sh"],
    [
      "sh",
      "-c",
      // What a finishing command can see: the environment, host name, processes, addresses, directories.
      "busybox env | busybox sort >/etc/seen; busybox hostname >>/etc/seen; busybox readlink /proc/self/exe >>/etc/seen; busybox ls -a /tmp /dev /proc/1/cwd/ >/dev/null; echo $$ >>/etc/seen; busybox grep -e stack -e '^[0-9a-f]*-' /proc/self/maps | busybox cut -d' ' -f1 >>/etc/seen; busybox stat -c '%Y %n' /etc/greeting /usr/bin/greet >>/etc/seen; busybox cat /proc/net/dev | busybox cut -d: -f1 >>/etc/seen; echo private >/etc/mine",
    ],
  ],
  probes: [
    { argv: ["greet"], stdout: "hello\n" },
    { argv: ["sh", "-c", "busybox touch /etc/probed 2>/dev/null || echo kept"], stdout: "kept\n" },
    { argv: ["sh", "-c", "echo x >/tmp/free && busybox cat /tmp/free"], stdout: "x\n" },
  ],
};

const directories: string[] = [];
const fresh = (...below: string[]): ImageStore => {
  const top = mkdtempSync(join(tmpdir(), "assay-again-"));
  directories.push(top);
  chmodSync(top, 0o755);
  const directory = join(top, ...below);
  mkdirSync(directory, { recursive: true, mode: 0o755 });
  return imageStore(directory);
};
afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

/** Hands one store's archives to another, as a cache would. */
const shareArchives = (from: ImageStore, to: ImageStore): void =>
  cpSync(join(from.directory, "archives"), join(to.directory, "archives"), { recursive: true });

const lockOf = async (store: ImageStore, { digest }: Image): Promise<ImageLock> => {
  const lock = await store.lockOf(digest);
  if (lock === null) throw new Error("the image has no lock");
  return lock;
};

/** Null, or why there is no network here. */
const unlessUnreachable = async (work: () => Promise<void>): Promise<string | null> => {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof ImageError && ["tool_missing", "unreachable"].includes(error.code))
      return error.message;
    throw error;
  }
};

describe("a small image (needs a Debian mirror and the npm registry)", () => {
  const store = fresh();
  let built: Image | null = null;
  let unavailable: string | null = null;
  beforeAll(async () => {
    unavailable = await unlessUnreachable(async () => {
      built = await store.build(nosy);
    });
  });
  const first = (skip: (reason: string) => never): Image => built ?? skip(unavailable ?? "not built");

  it("has a lock that names every package, beside it and for the next build", async ({ skip }) => {
    const image = first(skip);
    const lock = await lockOf(store, image);
    expect(lock.packages).toMatchObject([
      {
        name: "busybox-static",
        version: image.packages[0]?.version,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        path: expect.stringMatching(/^pool\/main\/b\/busybox\/busybox-static_.*\.deb$/),
      },
    ]);
    expect(lock.npm).toMatchObject([
      { name: "semver", version: "7.7.2", integrity: expect.stringMatching(/^sha512-/) },
    ]);
    expect(readFileSync(join(store.directory, "locks/nosy.json"), "utf8")).toBe(lockText(lock));
    expect(image.packages.map(({ name }) => name)).toEqual(["busybox-static", "semver"]);
    expect(existsSync(join(image.root, "usr/lib/node_modules/semver/package.json"))).toBe(true);
  });

  it("is the same in another directory, by another umask, at another time", async ({ skip }) => {
    const image = first(skip);
    const other = fresh("a", "longer", "way");
    const umask = process.umask(0o077);
    try {
      const again = await other.build(nosy, { lock: await lockOf(store, image) });
      expect(readFileSync(join(other.directory, again.digest, "tree"), "utf8")).toBe(
        readFileSync(join(store.directory, image.digest, "tree"), "utf8"),
      );
      expect(again).toMatchObject({ digest: image.digest, lock: image.lock });
      expect(statSync(join(again.root, "etc/seen")).mtimeMs).toBe(
        statSync(join(image.root, "etc/seen")).mtimeMs,
      );
    } finally {
      process.umask(umask);
    }
  });

  it.skipIf(process.getuid?.() !== 0)("is the same when an ordinary user builds it", async ({ skip }) => {
    const image = first(skip);
    const other = fresh("of-nobody");
    shareArchives(store, other);
    writeFileSync(join(other.directory, "lock.json"), lockText(await lockOf(store, image)));
    execFileSync("chown", ["-R", "65534:65534", other.directory]);
    const index = new URL("./index.ts", import.meta.url);
    const nobody = ["--reuid", "65534", "--regid", "65534", "--clear-groups", "--"];
    if (
      spawnSync("setpriv", [...nobody, "test", "-r", index.pathname, "-a", "-x", process.execPath]).status !==
      0
    )
      skip("an ordinary user can't read this checkout");
    const script = `
      import { readFileSync } from "node:fs";
      import { imageStore, parseLock } from ${JSON.stringify(index.href)};
      const [, directory, recipe] = process.argv;
      const lock = parseLock(readFileSync(directory + "/lock.json", "utf8"), "lock");
      console.log((await imageStore(directory).build(JSON.parse(recipe), { lock })).digest);
    `;
    const node = [process.execPath, "--input-type=module", "--eval", script];
    const printed = execFileSync("setpriv", [...nobody, ...node, other.directory, JSON.stringify(nosy)], {
      encoding: "utf8",
      cwd: "/",
    });
    expect(printed.trim()).toBe(image.digest);
    expect(statSync(join(other.directory, image.digest, "root/etc/seen")).uid).toBe(65534);
  });

  it("is built from its lock alone when the archives are there: no list is read, nothing is fetched", async ({
    skip,
  }) => {
    const image = first(skip);
    const events: BuildProgress[] = [];
    const mirror = "http://127.0.0.1:1/debian";
    const again = await store.build(nosy, { mirror, progress: (event) => events.push(event) });
    expect(again.digest).toBe(image.digest);
    expect(events.map(({ phase }) => phase)).not.toContain("index");
    await expect(store.build(nosy, { mirror, update: true })).rejects.toMatchObject({ code: "unreachable" });
  });

  it("resolves again when its recipe changed, and not when it is asked for a lock of another recipe", async ({
    skip,
  }) => {
    const image = first(skip);
    const lock = await lockOf(store, image);
    const changed = { ...nosy, files: { ...nosy.files, "etc/greeting": "good morning\n" } };
    await expect(store.build(changed, { lock })).rejects.toMatchObject({
      code: "build_failed",
      message: expect.stringMatching(/another version of the recipe.*--update/),
    });
    const phases: string[] = [];
    const other = await store.build(changed, { progress: ({ phase }) => phases.push(phase) });
    expect(phases).toContain("index");
    expect(other.digest).not.toBe(image.digest);
    expect(readFileSync(join(other.root, "etc/greeting"), "utf8")).toBe("good morning\n");
  });

  it("names the package of its lock that no mirror has any more, and builds nothing", async ({ skip }) => {
    const lock = await lockOf(store, first(skip));
    const [entry] = lock.packages;
    if (entry === undefined) throw new Error("the lock is empty");
    const gone = {
      ...entry,
      version: "1:0.1-1",
      sha256: "0".repeat(64),
      path: "pool/main/b/busybox/busybox-static_0.1-1_amd64.deb",
    };
    const other = fresh();
    await expect(other.build(nosy, { lock: { ...lock, packages: [gone] } })).rejects.toMatchObject({
      code: "not_available",
      message: expect.stringMatching(/busybox-static 1:0\.1-1.*--update/),
    });
    expect((await other.look("nosy")).state).toBe("missing");
    // Had the lists named it, they would be out of date.
    await expect(store.build(nosy, { lock: { ...lock, packages: [gone] } })).rejects.toThrow(/No server has/);
    const messages: string[] = [];
    await store.build(nosy, { update: true, progress: ({ message }) => messages.push(message) });
    expect(messages).toContain("reading the mirror's package lists");
  });

  it.for([
    ["leave its root directory", "busybox chroot /usr /bin/busybox true"],
    ["mount anything", "busybox mount -t tmpfs none /tmp"],
    ["reach a disk", "busybox mknod /tmp/disk b 7 0"],
    ["give a file to another user", "busybox chown 7:7 /etc/greeting"],
    // As it is: to the machine nothing changes should it be written.
    [
      "write the kernel's settings",
      "v=$(busybox cat /proc/sys/kernel/panic_on_oops); echo $v >/proc/sys/kernel/panic_on_oops",
    ],
  ] as const)("lets no program that it runs as root %s", async ([, script], { skip }) => {
    const image = first(skip);
    const root = join(fresh().directory, "root");
    cpSync(image.root, root, { recursive: true, verbatimSymlinks: true });
    const finish = [["sh", "-c", `(${script}) >/dev/null 2>&1 && exit 1; echo kept >/etc/mine`]];
    const recipe = { ...nosy, finish, probes: [] };
    await finishAndProbe(root, recipe, { progress: () => undefined, signal: undefined });
    expect(readFileSync(join(root, "etc/mine"), "utf8")).toBe("kept\n");
  });

  it.for([
    ["a mount point", "busybox rmdir /w && busybox ln -s HOST /w", "it went on"],
    [
      "a directory above what is tidied up",
      "busybox rm -r /etc && busybox ln -s HOST /etc",
      "leads out of the image",
    ],
  ] as const)(
    "touches nothing of the machine where a program left a link for %s",
    async ([, script, end], { skip }) => {
      const image = first(skip);
      const root = join(fresh().directory, "root");
      const host = join(fresh().directory, "host");
      cpSync(image.root, root, { recursive: true, verbatimSymlinks: true });
      mkdirSync(host);
      writeFileSync(join(host, ".pwd.lock"), "the machine's");
      const recipe = { ...nosy, finish: [["sh", "-c", script.replace("HOST", host)]], probes: [] };
      const options = { progress: () => undefined, signal: undefined };
      const said = finishAndProbe(root, recipe, options).then(() => "it went on", String);
      expect(await said).toContain(end);
      expect(readFileSync(join(host, ".pwd.lock"), "utf8")).toBe("the machine's");
    },
  );

  it("does not keep all that a program says without end", async ({ skip }) => {
    const root = join(fresh().directory, "root");
    cpSync(first(skip).root, root, { recursive: true, verbatimSymlinks: true });
    const recipe = { ...nosy, finish: [["busybox", "head", "-c", "100000000", "/dev/zero"]], probes: [] };
    const options = { progress: () => undefined, signal: undefined };
    await expect(finishAndProbe(root, recipe, options)).rejects.toThrow(/says more than/);
  });

  it("takes a lock of a stranger only if mirror and registry vouch for all of it", async ({ skip }) => {
    const lock = await lockOf(store, first(skip));
    const other = fresh();
    shareArchives(store, other);
    const asked: string[] = [];
    const stranger = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.end("#!/bin/sh\n");
    }).listen(0, "127.0.0.1");
    await once(stranger, "listening");
    try {
      const { port } = stranger.address() as AddressInfo;
      const tarball = `http://127.0.0.1:${port}/evil.tgz`;
      const integrity = `sha512-${createHash("sha512").update("#!/bin/sh\n").digest("base64")}`;
      const [npm] = lock.npm;
      const [debian] = lock.packages;
      if (npm === undefined || debian === undefined) throw new Error("the lock is empty");
      for (const claimed of [
        { ...lock, npm: [{ ...npm, tarball, integrity }] },
        { ...lock, packages: [debian, { ...debian, sha256: "0".repeat(64) }] },
        { ...lock, packages: [] },
      ]) {
        await expect(other.build(nosy, { claimed })).rejects.toMatchObject({
          code: "build_failed",
          message: expect.stringContaining("nobody vouches"),
        });
        expect((await other.look("nosy")).state).toBe("missing");
        expect(existsSync(join(other.directory, "locks/nosy.json"))).toBe(false);
      }
      expect(asked).toEqual([]);
    } finally {
      stranger.close();
    }
    expect((await other.build(nosy, { claimed: lock })).digest).toBe(first(skip).digest);
  });

  it("refuses archives that are not what its lock names, wherever they came from", async ({ skip }) => {
    const lock = await lockOf(store, first(skip));
    const other = fresh();
    shareArchives(store, other);
    for (const archive of lockedArchives(lock, [])) {
      const path = join(other.directory, "archives", archiveName(archive));
      writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.from("x")]));
    }
    expect((await other.build(nosy, { lock })).digest).toBe(first(skip).digest);
  });
});

describe("python upon base (needs a Debian mirror)", () => {
  const store = fresh();
  const messages: string[] = [];
  let built: Image | null = null;
  let unavailable: string | null = null;
  beforeAll(async () => {
    unavailable = await unlessUnreachable(async () => {
      built = await store.build(python, { progress: ({ message }) => messages.push(message) });
    });
  }, 600_000);
  const upper = (skip: (reason: string) => never): Image => built ?? skip(unavailable ?? "not built");

  it("brings what it lies upon first, says so, and shares its files with it", async ({ skip }) => {
    const image = upper(skip);
    const lower = await store.resolve("base");
    expect(messages.filter((message) => message.startsWith("base below it: ")).length).toBeGreaterThan(3);
    expect(image.from).toEqual({ name: "base", digest: lower.digest });
    for (const path of ["usr/bin/bash", "usr/bin/sed"])
      expect(statSync(join(image.root, path)).ino).toBe(statSync(join(lower.root, path)).ino);
    expect(await store.layers(image.digest)).toEqual([
      { name: "base", digest: lower.digest, sizeBytes: lower.sizeBytes },
      { name: "python", digest: image.digest, sizeBytes: expect.any(Number) },
    ]);
    expect((await store.verify("base")).state).toBe("ready");
    expect((await store.verify("python")).state).toBe("ready");
  });

  it("is the same from the same lock in another directory, with its bytecode and caches", async ({
    skip,
  }) => {
    const image = upper(skip);
    const other = fresh("elsewhere");
    shareArchives(store, other);
    await other.build(base, { lock: await lockOf(store, await store.resolve("base")) });
    const again = await other.build(python, { lock: await lockOf(store, image) });
    expect(again.digest).toBe(image.digest);
    expect(readFileSync(join(again.root, "etc/ld.so.cache"))).toEqual(
      readFileSync(join(image.root, "etc/ld.so.cache")),
    );
  }, 600_000);

  it("is not built upon a damaged image, and keeps its files when that one goes", async ({ skip }) => {
    const image = upper(skip);
    const lower = await store.resolve("base");
    const added = join(lower.root, "etc/added");
    writeFileSync(added, "");
    await expect(store.build(python)).rejects.toMatchObject({
      code: "damaged",
      message: expect.stringMatching(/"base" is damaged: .*etc\/added was added.*assay images build base/),
    });
    rmSync(added);
    await store.remove("base");
    expect(await store.verify("python")).toMatchObject({ state: "ready", digest: image.digest });
  });
});
